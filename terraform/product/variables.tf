variable "project" {
  description = "Id of the Google Cloud project."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "The project [${var.project}] is no project id: 6 to 30 lower-case letters, digits and dashes."
  }
}

variable "region" {
  description = "Region of everything that has one; the one terraform/foundation was applied with."
  type        = string
  default     = "us-central1"
}

variable "environment" {
  description = "Name of the environment; stands on every resource as a label."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.environment))
    error_message = "The environment [${var.environment}] is no label: lower-case letters, digits and dashes."
  }
}

variable "domain" {
  description = "The name people and partners reach the product by, e.g. cos.example.com. Its record points to the address of terraform/foundation."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "The domain [${var.domain}] is no host name in lower case, e.g. cos.example.com."
  }
}

variable "release" {
  description = "What to ship, as `make bundle` writes it: the interpreter that compiled the bytecode, and a content-addressed bundle per function."
  type = object({
    runtime = string
    bundles = map(object({ sha256 = string, object = string }))
  })
  validation {
    condition     = can(regex("^python3[0-9]{2}$", var.release.runtime))
    error_message = "The release's runtime [${var.release.runtime}] is none of Cloud Functions' (python311, python312, python313)."
  }
  validation {
    condition     = alltrue([for one in values(var.release.bundles) : can(regex("^[0-9a-f]{64}$", one.sha256))])
    error_message = "A bundle's sha256 is 64 hex digits; write the release manifest anew with `make bundle`."
  }
  validation {
    condition     = alltrue([for one in values(var.release.bundles) : strcontains(one.object, substr(one.sha256, 0, 12))])
    error_message = "A bundle's object bears no hash of its content, so a changed bundle would not be deployed; write the release manifest anew with `make bundle`."
  }
}

variable "settings" {
  description = "Settings that differ from the code's defaults, by name (docs/settings.md): { gemini_model = \"…\" }."
  type        = map(string)
  default     = {}
  validation {
    condition = alltrue([
      for name in keys(var.settings) : try(module.catalogue.settings[name].deployed, "") == "tunable"
    ])
    error_message = "The settings [${join(", ", [for name in keys(var.settings) : name if try(module.catalogue.settings[name].deployed, "") != "tunable"])}] cannot be chosen here; these can: ${join(", ", [for name, one in module.catalogue.settings : name if one.deployed == "tunable"])}."
  }
}

variable "scaling" {
  description = "Instances kept and allowed, for all functions and for some by name. 20 instances of one processor are what a new project's quota allows a service."
  type = object({
    min_instances = optional(number, 0)
    max_instances = optional(number, 20)
    functions     = optional(map(object({ min_instances = optional(number), max_instances = optional(number) })), {})
  })
  default = {}
  validation {
    condition     = alltrue([for name in keys(var.scaling.functions) : contains(keys(module.catalogue.functions), name)])
    error_message = "scaling.functions names [${join(", ", [for name in keys(var.scaling.functions) : name if !contains(keys(module.catalogue.functions), name)])}]; there is ${join(", ", keys(module.catalogue.functions))}."
  }
}

variable "paused" {
  description = "Pauses every schedule, e.g. while a backup is restored."
  type        = bool
  default     = false
}

variable "requests_per_minute" {
  description = "Requests one client address may send in a minute: people, and partners who show an API key (one address of AppSheet's speaks for many dealerships)."
  type        = object({ people = optional(number, 1200), partners = optional(number, 6000) })
  default     = {}
}

variable "firewall" {
  description = "Rule set of the web application firewall → enforce, preview or off; what is not named keeps its default (modules/load_balancer/firewall.tf)."
  type        = map(string)
  default     = {}
}

variable "request_log_share" {
  description = "Share of requests the load balancer logs, 0 to 1."
  type        = number
  default     = 1
  validation {
    condition     = var.request_log_share >= 0 && var.request_log_share <= 1
    error_message = "request_log_share is [${var.request_log_share}]; a share lies between 0 and 1."
  }
}
