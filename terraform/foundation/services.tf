# The APIs the product calls, and the agents with which Google acts on its behalf.

locals {
  services = toset(concat(
    [
      "aiplatform.googleapis.com",
      "artifactregistry.googleapis.com",
      "bigquery.googleapis.com",
      "certificatemanager.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "cloudscheduler.googleapis.com",
      "cloudtrace.googleapis.com",
      "compute.googleapis.com",
      "firebaserules.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "identitytoolkit.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "routes.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
      "securetoken.googleapis.com",
      "serviceusage.googleapis.com",
      "storage.googleapis.com",
      "telemetry.googleapis.com",
    ],
    var.billing_account != "" ? ["billingbudgets.googleapis.com"] : [],
  ))
}

resource "google_project_service" "this" {
  for_each = local.services

  service = each.value
  # Another part of the project may need it; turning an API off deletes what it holds.
  disable_on_destroy = false
}

# An API that was just enabled still refuses calls for a while, and not everywhere at once.
resource "terraform_data" "services_known" {
  triggers_replace = sort(tolist(local.services))

  provisioner "local-exec" {
    command = "sleep 60"
  }

  depends_on = [google_project_service.this]
}

# Enabling an API does not make its agent at once, and a right cannot be given to an agent that is not there yet. The
# provider makes agents only in its beta. The command answers the agent that is there, so it may run again.
resource "terraform_data" "agent" {
  for_each = toset(["aiplatform.googleapis.com", "cloudscheduler.googleapis.com", "pubsub.googleapis.com"])

  triggers_replace = [var.project]

  provisioner "local-exec" {
    command = "gcloud beta services identity create --quiet --service=${each.value} --project=${var.project}"
  }

  depends_on = [terraform_data.services_known]
}
