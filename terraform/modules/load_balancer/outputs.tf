output "paths" {
  description = "Path pattern → function."
  value       = { for pattern, owners in local.owners : pattern => join(", ", owners) }
}
