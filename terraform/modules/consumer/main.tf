# One capability's push subscription to one topic.

resource "google_pubsub_subscription" "this" {
  name  = var.consumer.subscription
  topic = var.consumer.topic

  # An unanswered push counts as failed after this time, so it is never shorter than the function may take.
  ack_deadline_seconds       = min(600, max(10, ceil(var.consumer.ack_deadline_seconds)))
  enable_message_ordering    = var.consumer.in_order
  message_retention_duration = "604800s"

  # A subscription nobody published to for a month would be deleted otherwise.
  expiration_policy {
    ttl = ""
  }

  push_config {
    push_endpoint = var.endpoint
    oidc_token {
      service_account_email = var.account
      audience              = var.endpoint
    }
  }

  retry_policy {
    minimum_backoff = var.consumer.min_backoff
    maximum_backoff = var.consumer.max_backoff
  }

  dead_letter_policy {
    dead_letter_topic     = "projects/${var.project}/topics/${var.consumer.dead_letters}"
    max_delivery_attempts = var.consumer.max_attempts
  }
}
