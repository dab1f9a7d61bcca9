# Which path leads where. The longest pattern that fits wins; a star at its end stands for the rest of the path.

locals {
  routes = flatten([for function, one in var.backends : [for route in one.routes : merge(route, { function = function })]])

  # Several methods of one path are one path here.
  paths    = { for one in local.routes : one.pattern => one... }
  owners   = { for pattern, routes in local.paths : pattern => distinct([for one in routes : one.function]) }
  shared   = { for pattern, owners in local.owners : pattern => owners if length(owners) > 1 }
  patterns = { for function in keys(var.backends) : function => [for pattern, owners in local.owners : pattern if contains(owners, function)] }

  # A path of each pattern with an id in place of each parameter.
  samples = { for pattern, routes in local.paths : replace(routes[0].path, "/\\{[a-z0-9_]+\\}|\\*/", "some-id") => routes[0] }

  # Answers for what no manifest names. Any HTTP function would do: its runtime answers 404 too.
  default_backend = google_compute_backend_service.this[try([for function, one in var.backends : function if one.kind == "http"][0], keys(var.backends)[0])].id
}

resource "google_compute_url_map" "this" {
  name            = var.name
  default_service = local.default_backend

  # Whoever calls by address or under another name gets nothing, and so starts no function.
  default_route_action {
    fault_injection_policy {
      abort {
        http_status = 404
        percentage  = 100
      }
    }
  }

  header_action {
    response_headers_to_add {
      header_name  = "Strict-Transport-Security"
      header_value = "max-age=31536000; includeSubDomains"
      replace      = true
    }
  }

  host_rule {
    hosts        = [var.domain]
    path_matcher = "manifests"
  }

  path_matcher {
    name            = "manifests"
    default_service = local.default_backend

    default_route_action {
      fault_injection_policy {
        abort {
          http_status = 404
          percentage  = 100
        }
      }
    }

    dynamic "path_rule" {
      for_each = local.patterns
      content {
        paths   = path_rule.value
        service = google_compute_backend_service.this[path_rule.key].id
      }
    }
  }

  # Google tries these before it takes the map; 100 at most.
  dynamic "test" {
    for_each = { for path in slice(sort(keys(local.samples)), 0, min(100, length(local.samples))) : path => local.samples[path] }
    content {
      description = test.value.path
      host        = var.domain
      path        = test.key
      service     = google_compute_backend_service.this[test.value.function].id
    }
  }

  lifecycle {
    precondition {
      condition = length(local.shared) == 0
      error_message = join("\n", [
        for pattern, owners in local.shared :
        "[${join(", ", owners)}] all claim [${pattern}] (${join(", ", distinct([for one in local.paths[pattern] : one.path]))}): the load balancer tells paths apart only up to their first parameter. Move one of them."
      ])
    }
  }
}
