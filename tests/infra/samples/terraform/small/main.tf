# A root in miniature: a backend that cannot be reached, a module, a data source, for_each, a dynamic block.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }
  backend "gcs" {}
}

variable "project_id" {
  type = string
}

variable "consumers" {
  type    = map(string)
  default = { billing = "order-placed", mailing = "order-placed" }
}

provider "google" {
  project = var.project_id
}

data "google_project" "this" {
  project_id = var.project_id
}

resource "google_pubsub_topic" "this" {
  for_each = toset(values(var.consumers))
  name     = each.key
}

resource "google_service_account" "consumer" {
  for_each   = var.consumers
  account_id = "fn-${each.key}"
}

module "subscription" {
  source   = "../part"
  for_each = var.consumers
  name     = each.key
  topic    = google_pubsub_topic.this[each.value].id
  account  = google_service_account.consumer[each.key].email
  endpoint = "https://${each.key}-${data.google_project.this.number}.test"
}

resource "google_cloudfunctions2_function" "this" {
  name     = "billing"
  location = "us-central1"

  build_config {
    runtime     = "python313"
    entry_point = "billing"
  }

  service_config {
    ingress_settings      = "ALLOW_INTERNAL_ONLY"
    environment_variables = { COS_PROFILE = "google" }
  }
}

output "topics" {
  value = [for topic in google_pubsub_topic.this : topic.id]
}
