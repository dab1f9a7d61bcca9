variable "consumer" {
  description = "The consumer as the catalogue has it."
  type = object({
    subscription         = string
    topic                = string
    dead_letters         = string
    in_order             = bool
    ack_deadline_seconds = number
    max_attempts         = number
    min_backoff          = string
    max_backoff          = string
  })
}

variable "endpoint" {
  description = "Address of the function; also the audience of the token it is called with."
  type        = string
}

variable "account" {
  description = "E-mail of the account Pub/Sub calls as."
  type        = string
}

variable "project" {
  description = "Id of the project."
  type        = string
}
