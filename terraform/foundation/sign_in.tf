# People sign in by e-mail and password; accounts are made by an administrator, who gives them their dealership and roles
# as the custom claims tenant_id and roles. The product's tenants are these claims, not tenants of Identity Platform: those
# would need a pool, and a sign-in page, for each dealership.

resource "google_identity_platform_config" "this" {
  authorized_domains = distinct(compact(["${var.project}.firebaseapp.com", var.domain]))

  sign_in {
    allow_duplicate_emails = false

    email {
      enabled           = true
      password_required = true
    }
  }

  client {
    permissions {
      disabled_user_signup   = true
      disabled_user_deletion = true
    }
  }

  depends_on = [terraform_data.services_known]
}
