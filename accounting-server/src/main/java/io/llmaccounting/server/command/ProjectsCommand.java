package io.llmaccounting.server.command;

import picocli.CommandLine.Command;

/** Projects, and what they tell upstreams. */
@Command(
    name = "projects",
    description = {
      "Make and list projects, and keep the credentials that their calls are sent with.",
      "Everything else about projects is in the command line, 'llm-accounting projects'."
    },
    subcommands = {
      CreateProject.class,
      ListProjects.class,
      AddCredential.class,
      ListCredentials.class,
      RemoveCredential.class
    })
final class ProjectsCommand {}
