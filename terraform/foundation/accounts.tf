# One account for each function, and four that are no function's. Rights: ../roles.yaml, worked out by ../catalogue.

locals {
  accounts = merge(
    module.catalogue.accounts,
    { for name, one in module.catalogue.functions : one.account_id => one.meaning },
  )
  members = { for id, account in google_service_account.this : id => account.member }
  grants  = module.catalogue.grants
}

resource "google_service_account" "this" {
  for_each = local.accounts

  account_id   = each.key
  display_name = each.key
  # Google takes 256 bytes.
  description = substr(each.value, 0, 240)

  depends_on = [terraform_data.services_known]
}

resource "google_project_iam_member" "account" {
  for_each = local.grants.project

  project = var.project
  role    = startswith(each.value.role, "roles/") ? each.value.role : google_project_iam_custom_role.this[each.value.role].id
  member  = local.members[each.value.account]
}

resource "google_project_iam_custom_role" "this" {
  for_each = module.catalogue.custom_roles

  role_id     = each.key
  title       = each.value.title
  description = each.value.reason
  permissions = each.value.permissions

  depends_on = [terraform_data.services_known]
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = local.grants.topic

  topic  = google_pubsub_topic.event[each.value.place].id
  role   = each.value.role
  member = local.members[each.value.account]
}

resource "google_pubsub_subscription_iam_member" "operator" {
  for_each = local.grants.subscription

  subscription = local.pull_subscriptions[each.value.place]
  role         = each.value.role
  member       = local.members[each.value.account]
}

resource "google_bigquery_dataset_iam_member" "reader" {
  for_each = local.grants.dataset

  dataset_id = google_bigquery_dataset.this[each.value.place].dataset_id
  role       = each.value.role
  member     = local.members[each.value.account]
}

resource "google_storage_bucket_iam_member" "user" {
  for_each = local.grants.bucket

  bucket = google_storage_bucket.this[each.value.place].name
  role   = each.value.role
  member = local.members[each.value.account]
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.grants.secret

  secret_id = google_secret_manager_secret.this[each.value.place].id
  role      = each.value.role
  member    = local.members[each.value.account]
}

resource "google_artifact_registry_repository_iam_member" "writer" {
  for_each = local.grants.repository

  location   = google_artifact_registry_repository.this[each.value.place].location
  repository = google_artifact_registry_repository.this[each.value.place].name
  role       = each.value.role
  member     = local.members[each.value.account]
}
