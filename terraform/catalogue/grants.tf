# Who gets which role on what: the roles of its ports, of the ports those use, and of every function.

locals {
  ports_of = {
    for name, one in local.functions :
    name => distinct(flatten([for port in one.ports : concat([port], local.ports[port].uses)]))
  }

  # A function that reads a credential without naming the port has it mounted all the same.
  roles_of = {
    for name, one in local.functions : name => concat(
      local.roles.every_function,
      flatten([for port in distinct(concat(local.ports_of[name], length(one.secrets) > 0 ? ["secrets"] : [])) : local.roles.ports[port]]),
    )
  }

  places_of = {
    for name, one in local.functions : name => {
      project      = ["project"]
      topic        = one.publishes
      subscription = concat(keys(local.history), tolist(local.dead_letters))
      dataset      = one.datasets
      bucket       = ["files"]
      secret       = one.secrets
    }
  }

  function_grants = flatten([
    for name, roles in local.roles_of : [
      for role in roles : [
        for place in local.places_of[name][role.at] :
        { account = local.account_ids[name], role = role.role, at = role.at, place = place }
      ]
    ]
  ])

  account_grants = flatten([
    for account, one in local.roles.accounts : [
      for role in one.roles : { account = account, role = role.role, at = role.at, place = try(role.place, role.at) }
    ]
  ])

  grants = {
    for level in ["project", "topic", "subscription", "dataset", "bucket", "secret", "repository", "account", "sources", "state", "state_names"] :
    level => {
      for grant in concat(local.function_grants, local.account_grants) :
      "${grant.account} ${grant.role} ${grant.place}" => grant if grant.at == level
    }
  }
}
