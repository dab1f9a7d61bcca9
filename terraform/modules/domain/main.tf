# The public name: the address its record points to, and a certificate that is ready before anything is served, because
# it is proved by a record of its own and not by answering.

locals {
  # A certificate cannot change its domain, so it bears one in its name and the new one is there before the old one goes.
  version = substr(sha256(var.domain), 0, 8)
}

resource "google_compute_global_address" "this" {
  name        = var.name
  description = "What the record of the domain holds."

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_certificate_manager_dns_authorization" "this" {
  name        = "${var.name}-${local.version}"
  description = "Proves that [${var.domain}] is ours."
  domain      = var.domain

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_certificate_manager_certificate" "this" {
  name        = "${var.name}-${local.version}"
  description = "Of [${var.domain}]; Google renews it."

  managed {
    domains            = [var.domain]
    dns_authorizations = [google_certificate_manager_dns_authorization.this.id]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_certificate_manager_certificate_map" "this" {
  name        = var.name
  description = "Which certificate the load balancer shows."
}

resource "google_certificate_manager_certificate_map_entry" "this" {
  name         = "${var.name}-${local.version}"
  map          = google_certificate_manager_certificate_map.this.name
  certificates = [google_certificate_manager_certificate.this.id]
  hostname     = var.domain

  lifecycle {
    create_before_destroy = true
  }
}
