variable "name" {
  type = string
}

variable "topic" {
  type = string
}

variable "account" {
  type = string
}

variable "endpoint" {
  type = string
}

resource "google_pubsub_subscription" "this" {
  name                 = var.name
  topic                = var.topic
  ack_deadline_seconds = 60

  push_config {
    push_endpoint = var.endpoint
    oidc_token {
      service_account_email = var.account
    }
  }
}
