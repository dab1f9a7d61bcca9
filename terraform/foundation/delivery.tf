# What the pipeline's two accounts may do beyond whole roles: act as our accounts, read what is built, keep its own state.

locals {
  acting = {
    for pair in setproduct(values(local.grants.account), setsubtract(keys(local.accounts), ["deployer"])) :
    "${pair[0].account} ${pair[1]}" => { grant = pair[0], target = pair[1] }
  }
  object_prefix = "projects/_/buckets"
}

# The deployer runs functions, calls and schedules as these accounts; as no other and never as itself.
resource "google_service_account_iam_member" "acting" {
  for_each = local.acting

  service_account_id = google_service_account.this[each.value.target].name
  role               = each.value.grant.role
  member             = local.members[each.value.grant.account]
}

# Cloud Functions copies a bundle to a bucket of its own, made at the first deployment, and builds from there.
resource "google_project_iam_member" "sources" {
  for_each = local.grants.sources

  project = var.project
  role    = each.value.role
  member  = local.members[each.value.account]

  condition {
    title      = "sources of functions"
    expression = "resource.name.startsWith('${local.object_prefix}/gcf-v2-sources-${local.number}-') || resource.name.startsWith('${local.object_prefix}/${google_storage_bucket.this["bundles"].name}')"
  }
}

# The pipeline keeps the state of terraform/product; that of this root it can neither read nor write.
resource "google_storage_bucket_iam_member" "state" {
  for_each = local.grants.state

  bucket = local.state_bucket
  role   = each.value.role
  member = local.members[each.value.account]

  condition {
    title      = "state of the product"
    expression = "resource.name.startsWith('${local.object_prefix}/${local.state_bucket}/objects/product/')"
  }
}

# Terraform lists its workspaces before anything else; the names of objects, not their contents.
resource "google_storage_bucket_iam_member" "state_names" {
  for_each = local.grants.state_names

  bucket = local.state_bucket
  role   = each.value.role
  member = local.members[each.value.account]
}
