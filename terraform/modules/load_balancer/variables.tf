variable "name" {
  description = "Name of the load balancer and beginning of its parts' names."
  type        = string
}

variable "region" {
  description = "Where the functions run."
  type        = string
}

variable "domain" {
  description = "The host name served; every other is answered 404."
  type        = string
}

variable "address" {
  description = "The reserved IPv4 address."
  type        = string
}

variable "certificate_map" {
  description = "Certificate Manager's map with the domain's certificate."
  type        = string
}

variable "backends" {
  description = "Function → its deployed name, kind and routes (path as in the manifest, pattern with a star for what begins with the first parameter)."
  type = map(object({
    deployed_name = string
    kind          = string
    routes        = list(object({ path = string, pattern = string }))
  }))
  validation {
    condition     = length(var.backends) > 0
    error_message = "The release holds no function with a route, so there is nothing to serve."
  }
}

variable "requests_per_minute" {
  description = "Requests one address may send in a minute: people, and programs that show an API key."
  type        = object({ people = number, partners = number })
}

variable "firewall" {
  description = "Rule set (the keys of local.rule_sets) → enforce, preview or off."
  type        = map(string)
}

variable "log_share" {
  description = "Share of requests logged."
  type        = number
}
