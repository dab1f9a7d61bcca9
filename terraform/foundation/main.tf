# What the owner of the project applies with own rights: everything that holds data or grants a right.
# What runs the code is terraform/product, applied by Cloud Build, which can change none of this.

provider "google" {
  project = var.project
  region  = var.region

  # Identity Platform and budgets refuse a person's own credentials without a project that pays for the call.
  user_project_override = true
  billing_project       = var.project

  default_labels = {
    product     = "autohaus-c-os"
    environment = var.environment
  }
}

module "catalogue" {
  source = "../catalogue"
}

data "google_project" "this" {
  project_id = var.project
}

locals {
  number       = data.google_project.this.number
  state_bucket = var.state_bucket != "" ? var.state_bucket : "${var.project}-tfstate"
  pubsub_agent = "serviceAccount:service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  vertex_agent = "serviceAccount:service-${local.number}@gcp-sa-aiplatform.iam.gserviceaccount.com"
}
