# One Cloud Function (2nd gen). What it runs is named by content, so only a changed bundle builds and deploys anew.

locals {
  called_by_anyone = var.function.kind == "http"

  # An HTTP function ends its requests itself and needs time to say so; Pub/Sub and Scheduler wait no longer than this.
  timeout_seconds = min(3600, ceil(var.function.timeout_seconds) + (local.called_by_anyone ? 10 : 0))
}

resource "google_cloudfunctions2_function" "this" {
  name        = var.function.deployed_name
  description = var.function.meaning
  location    = var.region
  project     = var.project

  build_config {
    runtime           = var.build.runtime
    entry_point       = var.function.entry_point
    service_account   = "projects/${var.project}/serviceAccounts/${var.build.account}"
    docker_repository = "projects/${var.project}/locations/${var.region}/repositories/${var.build.repository}"

    source {
      storage_source {
        bucket = var.build.bucket
        object = var.build.object
      }
    }
  }

  service_config {
    available_memory                 = "${var.function.memory_mib}Mi"
    available_cpu                    = tostring(var.function.cpu)
    max_instance_request_concurrency = var.function.concurrency
    timeout_seconds                  = local.timeout_seconds
    min_instance_count               = var.scaling.min_instances
    max_instance_count               = var.scaling.max_instances
    service_account_email            = var.account
    all_traffic_on_latest_revision   = true
    ingress_settings                 = local.called_by_anyone ? "ALLOW_INTERNAL_AND_GCLB" : "ALLOW_INTERNAL_ONLY"

    environment_variables = merge(var.environment, {
      # functions-framework serves with four threads a processor unless told otherwise; what Cloud Run sends beyond that
      # would wait inside, unseen by its scaling.
      THREADS = tostring(var.function.concurrency)
    })

    # A folder each: Cloud Run mounts no two secrets at one path. A mounted file follows a rotation, a variable does not.
    dynamic "secret_volumes" {
      for_each = var.function.secrets
      content {
        mount_path = "/secrets/${secret_volumes.value}"
        project_id = var.project
        secret     = secret_volumes.value
        versions {
          version = "latest"
          path    = "value"
        }
      }
    }
  }
}

# The Cloud Run service behind a function bears the function's name.
resource "google_cloud_run_v2_service_iam_member" "invoker" {
  project  = var.project
  location = var.region
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = var.invoker
}
