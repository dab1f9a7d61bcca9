# The global HTTPS load balancer in front of what people and partners reach.

resource "google_compute_region_network_endpoint_group" "this" {
  for_each              = var.backends
  name                  = "${var.name}-${each.value.deployed_name}"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  # A 2nd gen function is reached as the Cloud Run service it is.
  cloud_run {
    service = each.value.deployed_name
  }

  lifecycle {
    create_before_destroy = true
  }
}

# No timeout, port or health check: Google refuses them for what runs serverless.
resource "google_compute_backend_service" "this" {
  for_each              = var.backends
  name                  = "${var.name}-${each.value.deployed_name}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.this.id

  backend {
    group = google_compute_region_network_endpoint_group.this[each.key].id
  }

  # A browser opens a socket with its token in the address, which no log shall keep.
  dynamic "log_config" {
    for_each = each.value.kind == "service" ? [] : [true]
    content {
      enable      = true
      sample_rate = var.log_share
    }
  }

  # A capability that is gone leaves the URL map first.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "this" {
  name            = var.name
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "this" {
  name            = var.name
  url_map         = google_compute_url_map.this.id
  certificate_map = var.certificate_map
  ssl_policy      = google_compute_ssl_policy.this.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "${var.name}-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = var.address
  port_range            = "443"
  target                = google_compute_target_https_proxy.this.id
}

# Plain HTTP is sent on; 308 keeps method and body of what a partner's program posts.
resource "google_compute_url_map" "to_https" {
  name = "${var.name}-to-https"
  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "to_https" {
  name    = "${var.name}-to-https"
  url_map = google_compute_url_map.to_https.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "${var.name}-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = var.address
  port_range            = "80"
  target                = google_compute_target_http_proxy.to_https.id
}
