# Topics, what operators read, and the rows that go to BigQuery. Push subscriptions are the product's: they need its URLs.

resource "google_pubsub_topic" "event" {
  for_each = module.catalogue.topics

  name = each.key

  # Ordering holds within a region, and the data stays there.
  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [terraform_data.services_known]
}

resource "google_pubsub_topic" "dead_letters" {
  for_each = module.catalogue.dead_letters

  name = each.value

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [terraform_data.services_known]
}

# Keeps what a topic carried, also when it was read: operators seek it, read it and publish a window of it again.
resource "google_pubsub_subscription" "history" {
  for_each = module.catalogue.history

  name                       = each.key
  topic                      = google_pubsub_topic.event[each.value].id
  ack_deadline_seconds       = 10
  retain_acked_messages      = true
  message_retention_duration = "${module.catalogue.history_seconds}s"

  # Never: nobody may read it for weeks.
  expiration_policy {
    ttl = ""
  }
}

# What a subscription gave up on waits here until somebody delivers it again.
resource "google_pubsub_subscription" "dead_letters" {
  for_each = module.catalogue.dead_letters

  name                       = each.value
  topic                      = google_pubsub_topic.dead_letters[each.value].id
  ack_deadline_seconds       = 10
  message_retention_duration = "${module.catalogue.dead_letter_seconds}s"

  expiration_policy {
    ttl = ""
  }
}

locals {
  pull_subscriptions = merge(
    { for name, one in google_pubsub_subscription.history : name => one.id },
    { for name, one in google_pubsub_subscription.dead_letters : name => one.id },
  )
}

# A message of a row topic is the row: its fields are the table's columns.
resource "google_pubsub_subscription" "rows" {
  for_each = module.catalogue.row_topics

  name                       = each.value.subscription
  topic                      = google_pubsub_topic.event[each.key].id
  ack_deadline_seconds       = 60
  message_retention_duration = "${module.catalogue.history_seconds}s"

  bigquery_config {
    table            = "${var.project}.${google_bigquery_table.this[each.value.table].dataset_id}.${google_bigquery_table.this[each.value.table].table_id}"
    use_table_schema = true
    # A newer version of the code may tell more than the table has.
    drop_unknown_fields = true
  }

  # Some fifteen hours in all, so an outage of BigQuery loses no row to the dead letters.
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters[each.value.dead_letters].id
    max_delivery_attempts = 100
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [terraform_data.agent_rights]
}

# Pub/Sub's own agent writes rows, moves what was given up, and signs the tokens of push calls.
resource "google_bigquery_dataset_iam_member" "pubsub_writes_rows" {
  for_each = toset([for one in module.catalogue.row_topics : one.dataset])

  dataset_id = google_bigquery_dataset.this[each.value].dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = local.pubsub_agent

  depends_on = [terraform_data.agent]
}

resource "google_pubsub_topic_iam_member" "pubsub_gives_up" {
  for_each = module.catalogue.dead_letters

  topic  = google_pubsub_topic.dead_letters[each.value].id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent

  depends_on = [terraform_data.agent]
}

# On the project and not on each subscription, so that the pipeline, which makes subscriptions, need not grant rights.
resource "google_project_iam_member" "pubsub_takes_what_it_gives_up" {
  project = var.project
  role    = "roles/pubsub.subscriber"
  member  = local.pubsub_agent

  depends_on = [terraform_data.agent]
}

resource "google_service_account_iam_member" "pubsub_signs_as_push" {
  service_account_id = google_service_account.this["pubsub-push"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent

  depends_on = [terraform_data.agent]
}

# A right takes a while to be known everywhere, and Pub/Sub refuses a subscription whose table its agent cannot write.
resource "terraform_data" "agent_rights" {
  triggers_replace = sort([for one in google_bigquery_dataset_iam_member.pubsub_writes_rows : one.id])

  provisioner "local-exec" {
    command = "sleep 60"
  }
}
