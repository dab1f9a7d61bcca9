variable "function" {
  description = "The function as the catalogue has it."
  type = object({
    deployed_name   = string
    kind            = string
    meaning         = string
    entry_point     = string
    secrets         = list(string)
    memory_mib      = number
    cpu             = number
    timeout_seconds = number
    concurrency     = number
  })
}

variable "project" {
  description = "Id of the project."
  type        = string
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "account" {
  description = "E-mail of the service account it runs as."
  type        = string
}

variable "invoker" {
  description = "Who may call it, as an IAM member."
  type        = string
}

variable "environment" {
  description = "Its environment variables."
  type        = map(string)
}

variable "scaling" {
  description = "Instances kept and allowed."
  type        = object({ min_instances = number, max_instances = number })
}

variable "build" {
  description = "Runtime, bucket and object of the bundle, e-mail of the account that builds, repository the image goes to."
  type        = object({ runtime = string, bucket = string, object = string, account = string, repository = string })
}
