# Which path leads where. The longest pattern that fits wins; a pattern's star stands for one segment and all below it.

locals {
  patterns = distinct(flatten([
    for function, one in var.backends : [for route in one.routes : { pattern = route.pattern, function = function }]
  ]))
  patterns_of = { for function in keys(var.backends) : function => distinct([for one in local.patterns : one.pattern if one.function == function]) }

  # A path of each route, with a value in place of each parameter, and the functions its longest pattern leads to.
  samples = [
    for one in distinct(flatten([
      for function, one in var.backends : [
        for route in one.routes : { path = route.path, function = function, sample = replace(route.path, "/\\{[a-z0-9_]+\\}|\\*/", "x") }
      ]
      ])) : merge(one, {
      fitting = [
        for candidate in local.patterns : candidate
        if candidate.pattern == one.sample || (endswith(candidate.pattern, "/*") && startswith(one.sample, trimsuffix(candidate.pattern, "*")))
      ]
    })
  ]
  reached = [
    for one in local.samples : merge(one, {
      by = sort(distinct([
        for candidate in one.fitting : candidate.function
        if length(candidate.pattern) == max([for each in one.fitting : length(each.pattern)]...)
      ]))
    })
  ]
  astray = [for one in local.reached : one if one.by != tolist([one.function])]

  # Answers for what no manifest names. Any HTTP function would do: its runtime answers 404 too.
  default_backend = google_compute_backend_service.this[try(sort([for function, one in var.backends : function if one.kind == "http"])[0], keys(var.backends)[0])].id
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
      for_each = local.patterns_of
      content {
        paths   = path_rule.value
        service = google_compute_backend_service.this[path_rule.key].id
      }
    }
  }

  # Google tries these before it takes the map; 100 at most.
  dynamic "test" {
    for_each = slice(local.samples, 0, min(100, length(local.samples)))
    content {
      description = test.value.path
      host        = var.domain
      path        = test.value.sample
      service     = google_compute_backend_service.this[test.value.function].id
    }
  }

  lifecycle {
    precondition {
      condition     = length(var.backends) > 0
      error_message = "The release holds no function with a route, so there is nothing to serve at [${var.domain}]."
    }
    precondition {
      condition = length(local.astray) == 0
      error_message = join("\n", [
        for one in local.astray :
        "The path [${one.path}] of functions/${one.function} would be answered by [${join(", ", one.by)}]; two capabilities may not share what follows the first parameter of a path. Move one of them."
      ])
    }
  }
}
