package io.millrace.app.cli;

import io.millrace.app.console.Prompt;
import io.millrace.app.probes.ProbeListing;
import io.millrace.app.probes.ProbeListing.Entry;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.schemas.kafka.KafkaConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace probes delete}. */
@Command(
        name = "delete",
        description = {
            "Delete a probe set: a tombstone per example, in one transaction.",
            "From then on checkpoints are not scored on it, and its texts are trained on if they come in the stream."
        })
public final class ProbesDeleteCommand implements Callable<Integer>, BrokerCommand {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfiguredBroker broker;

    @Mixin
    private final JsonOption json = JsonOption.one(Deleted.class);

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task that the set probes.")
    private String task;

    @Option(names = "--set", paramLabel = "NAME", required = true, description = "Name of the probe set.")
    private String probeSet;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    /**
     * The answer.
     *
     * @param task the task
     * @param probeSet name of the set
     * @param version the version that was deleted
     * @param examples how many examples were deleted
     */
    record Deleted(String task, String probeSet, String version, int examples) {}

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        Prompt prompt = Terminal.prompt(spec);
        if (!yes && (json.wanted() || !prompt.asks())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--yes is needed where nobody can be asked: deleting probe set " + probeSet + " cannot be undone");
        }
        var known = List.of(broker.task(task));
        KafkaConnection kafka = broker.reach();
        ProbeListing listing = ProbeListing.of(kafka, known);
        Entry entry = listing.sets().stream()
                .filter(set -> set.name().equals(probeSet))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("task " + task + " has no probe set " + probeSet
                        + ". It has "
                        + (listing.sets().isEmpty()
                                ? "none"
                                : String.join(
                                        ", ",
                                        listing.sets().stream().map(Entry::name).toList()))
                        + "."));
        if (!yes
                && !prompt.confirm("Delete probe set " + probeSet + " of task " + task + " with its " + entry.examples()
                        + " examples?")) {
            spec.commandLine().getOut().println("nothing was deleted");
            return 1;
        }
        ProbeTopic.Replacement done =
                ProbeTopic.replace(kafka, new ProbeFile(task, probeSet, entry.distribution()), List.of());
        json.print(
                new Deleted(task, probeSet, entry.version(), done.removed()),
                List.of("deleted probe set " + probeSet + " of task " + task + ": " + done.removed() + " examples"));
        return 0;
    }
}
