# Credentials of others. Their values are added by hand (`gcloud secrets versions add`) and never pass through Terraform.

resource "google_secret_manager_secret" "this" {
  for_each = module.catalogue.secrets

  secret_id = each.key
  # A version destroyed by mistake can be had back for a week.
  version_destroy_ttl = "${7 * 24 * 3600}s"

  annotations = {
    read-by = join(",", each.value)
  }

  replication {
    auto {}
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [terraform_data.services_known]
}
