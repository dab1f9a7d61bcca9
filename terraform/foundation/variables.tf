variable "project" {
  description = "Id of the Google Cloud project, with billing. It belongs to the product alone."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "[project] must be a project id: 6 to 30 lower-case letters, digits and hyphens, e.g. autohaus-prod."
  }
}

variable "environment" {
  description = "Which installation this is; a label on everything."
  type        = string
  default     = "production"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.environment))
    error_message = "[environment] must be lower-case letters, digits and hyphens, e.g. staging."
  }
}

variable "region" {
  description = "Region of everything: functions, topics, Firestore, BigQuery, Storage. It cannot be changed later."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "[region] must be a single region, e.g. us-central1; a multi-region such as nam5 has no functions."
  }
}

variable "domain" {
  description = "Name the product is served under, e.g. app.autohaus.example; users may sign in from it. Empty: none yet."
  type        = string
  default     = ""

  validation {
    condition     = var.domain == "" || can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "[domain] must be a host name without scheme and path, e.g. app.autohaus.example."
  }
}

variable "state_bucket" {
  description = "Bucket of Terraform's state, made before the first apply. Empty: <project>-tfstate."
  type        = string
  default     = ""
}

variable "billing_account" {
  description = "Billing account (ABCDEF-012345-6789AB) for a monthly budget. Empty: no budget."
  type        = string
  default     = ""

  validation {
    condition     = var.billing_account == "" || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "[billing_account] must look like ABCDEF-012345-6789AB."
  }
}

variable "monthly_budget" {
  description = "Budget a month in whole units of the billing account's currency; told at 50, 90 and 100 %, and when 100 % is forecast."
  type        = number
  default     = 300

  validation {
    condition     = var.monthly_budget >= 1 && floor(var.monthly_budget) == var.monthly_budget
    error_message = "[monthly_budget] must be a whole number from 1."
  }
}

variable "vectors" {
  description = "Where vectors are searched: firestore (small dealerships, nothing to pay while idle) or vertex (an index that runs always)."
  type        = string
  default     = "firestore"

  validation {
    condition     = contains(["firestore", "vertex"], var.vectors)
    error_message = "[vectors] must be firestore or vertex."
  }
}

variable "vector_dimensions" {
  description = "Length of a vector in the Vertex index: that in which the product asks for embeddings (768)."
  type        = number
  default     = 768

  validation {
    condition     = var.vector_dimensions >= 1 && var.vector_dimensions <= 4096
    error_message = "[vector_dimensions] must be from 1 to 4096."
  }
}

variable "audited_services" {
  description = "Services whose reads and writes of data are logged besides the changes Google always logs. Firestore would log each read."
  type        = set(string)
  default     = ["iam.googleapis.com", "secretmanager.googleapis.com"]
}

variable "exports_kept_days" {
  description = "Days after which an export (of a tenant, of a table) is deleted."
  type        = number
  default     = 30
}

variable "alert_emails" {
  description = "E-mail addresses that are told of incidents and of the budget. Empty: incidents are only in the console."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])
    error_message = "[alert_emails] has something that is no e-mail address: ${join(", ", [for one in var.alert_emails : one if !can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])}."
  }
}
