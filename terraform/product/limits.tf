# What Cloud Run and Pub/Sub would refuse in the middle of an apply, said before it begins, by function and with the way out.

locals {
  # Most and least memory (MiB) of so many processors.
  memory_limits = {
    "1" = { least = 128, most = 4096 }
    "2" = { least = 128, most = 8192 }
    "4" = { least = 2048, most = 16384 }
    "6" = { least = 4096, most = 24576 }
    "8" = { least = 4096, most = 32768 }
  }
  least_memory    = { for name, one in local.released : name => one.cpu < 1 ? 128 : try(local.memory_limits[tostring(one.cpu)].least, 0) }
  most_memory     = { for name, one in local.released : name => one.cpu < 0.5 ? 512 : one.cpu < 1 ? 1024 : try(local.memory_limits[tostring(one.cpu)].most, 1000000) }
  longest_timeout = { http = 3600, event = 600, schedule = 1800, service = 3600, job = 86400 }

  broken_limits = flatten([
    for name, one in local.released : [
      for said in [
        one.cpu >= 0.08 && (one.cpu < 1 || contains(keys(local.memory_limits), tostring(one.cpu))) ? "" :
        "[cpu] is [${one.cpu}]; Cloud Run knows 0.08 to 1, 2, 4, 6 and 8.",
        one.concurrency == 1 || one.cpu >= 1 ? "" :
        "[concurrency] is [${one.concurrency}] with [cpu] [${one.cpu}]; below one processor an instance takes one request at a time.",
        one.concurrency <= 1000 ? "" :
        "[concurrency] is [${one.concurrency}]; an instance takes 1000 requests at most.",
        one.memory_mib >= local.least_memory[name] && one.memory_mib <= local.most_memory[name] ? "" :
        "[memory_mib] is [${one.memory_mib}]; with [cpu] [${one.cpu}] it lies between ${local.least_memory[name]} and ${local.most_memory[name]}.",
        one.kind != "job" || (one.cpu >= 1 && one.memory_mib >= 512) ? "" :
        "a job needs a whole processor and 512 MiB; [cpu] is [${one.cpu}], [memory_mib] [${one.memory_mib}].",
        one.timeout_seconds <= local.longest_timeout[one.kind] ? "" :
        "[timeout_seconds] is [${one.timeout_seconds}]; kind [${one.kind}] allows ${local.longest_timeout[one.kind]} at most.",
        one.max_backoff_seconds <= 600 && one.min_backoff_seconds <= one.max_backoff_seconds ? "" :
        "back-off goes from [${one.min_backoff_seconds}] to [${one.max_backoff_seconds}] seconds; Pub/Sub allows 0 to 600, the least first.",
        length("${one.deployed_name}-${data.google_project.this.number}") <= 63 ? "" :
        "its name with the project's number has over 63 characters, so Cloud Run gives it no address by name; choose a shorter one.",
        local.scaling[name].min_instances <= local.scaling[name].max_instances ? "" :
        "var.scaling keeps [${local.scaling[name].min_instances}] instances and allows [${local.scaling[name].max_instances}].",
      ] : "functions/${name}/function.yaml: ${said}" if said != ""
    ]
  ])
}
