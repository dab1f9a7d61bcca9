output "url" {
  description = "Where the product is."
  value       = "https://${var.domain}"
}

output "address" {
  description = "What the domain's A record holds."
  value       = data.google_compute_global_address.public.address
}

output "foundation_needs" {
  description = "What this release must find in place; the pipeline stops when the foundation did not note one of it."
  value       = module.catalogue.foundation_needs
  # Nothing in it is secret; it would fill the log of every plan.
  sensitive = true
}

output "functions" {
  description = "Function → its own address, kind and the hash of the code that runs; only Google's callers and the load balancer reach it there."
  value = {
    for name, one in local.released :
    name => { url = local.urls[name], kind = one.kind, sha256 = var.release.bundles[name].sha256 }
  }

  precondition {
    condition     = length(local.unknown_bundles) == 0
    error_message = "The release holds [${join(", ", local.unknown_bundles)}], which no manifest of this tree names. Apply a release with the tree it was built from."
  }
  precondition {
    condition     = length(local.broken_limits) == 0
    error_message = join("\n", local.broken_limits)
  }
}

output "paths" {
  description = "Path of the load balancer → function."
  value       = module.load_balancer.paths
}
