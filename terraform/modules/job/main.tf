# A Cloud Run job: one task that runs to its end, for every dealership in turn.

locals {
  secret_volumes = { for secret in var.job.secrets : replace(secret, "_", "-") => secret }
}

resource "google_cloud_run_v2_job" "this" {
  name     = var.job.deployed_name
  location = var.region
  # Holds no state: a release without it may take it away.
  deletion_protection = false

  template {
    task_count = 1

    template {
      service_account = var.account
      timeout         = "${ceil(var.job.timeout_seconds)}s"
      # It may be run twice; the second time repairs what the first left undone.
      max_retries = 1

      containers {
        image = var.image

        resources {
          limits = { cpu = tostring(var.job.cpu), memory = "${var.job.memory_mib}Mi" }
        }

        dynamic "env" {
          for_each = var.environment
          content {
            name  = env.key
            value = env.value
          }
        }

        dynamic "volume_mounts" {
          for_each = local.secret_volumes
          content {
            name       = volume_mounts.key
            mount_path = "/secrets/${volume_mounts.value}"
          }
        }
      }

      dynamic "volumes" {
        for_each = local.secret_volumes
        content {
          name = volumes.key
          secret {
            secret = volumes.value
            items {
              version = "latest"
              path    = "value"
            }
          }
        }
      }
    }
  }
}

resource "google_cloud_run_v2_job_iam_member" "invoker" {
  location = var.region
  name     = google_cloud_run_v2_job.this.name
  role     = "roles/run.invoker"
  member   = var.invoker
}
