output "paths" {
  description = "Path pattern → function."
  value       = { for one in local.patterns : one.pattern => one.function... }
}
