# The Cloud Run service that holds open sockets.

locals {
  secret_volumes = { for secret in var.service.secrets : replace(secret, "_", "-") => secret }
}

resource "google_cloud_run_v2_service" "this" {
  name        = var.service.deployed_name
  description = substr(var.service.meaning, 0, 512)
  location    = var.region
  ingress     = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  # Holds no state: a release without it may take it away.
  deletion_protection = false

  template {
    service_account                  = var.account
    timeout                          = "${ceil(var.service.timeout_seconds)}s"
    max_instance_request_concurrency = var.service.concurrency
    # A socket that comes back finds the instance that already follows its session.
    session_affinity = true

    scaling {
      min_instance_count = var.scaling.min_instances
      max_instance_count = var.scaling.max_instances
    }

    containers {
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        limits = { cpu = tostring(var.service.cpu), memory = "${var.service.memory_mib}Mi" }
        # An open socket is a request, so it has the processor as long as it is open.
        cpu_idle          = true
        startup_cpu_boost = true
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

      # Together longer than any cold start measured, and short enough that a broken image does not hold up a release.
      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 4
        failure_threshold = 12
        http_get {
          path = "/_ready"
          port = 8080
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 10
        failure_threshold = 3
        http_get {
          path = "/_ready"
          port = 8080
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

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  location = var.region
  name     = google_cloud_run_v2_service.this.name
  role     = "roles/run.invoker"
  member   = var.invoker
}
