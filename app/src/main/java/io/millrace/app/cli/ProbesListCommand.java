package io.millrace.app.cli;

import io.millrace.app.probes.ProbeListing;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace probes list}. */
@Command(
        name = "list",
        description = {
            "List the probe sets, each with its version and the loss of accuracy that its size can rule out.",
            "If that is more than the margin, the gate tolerates it: docs/evaluation.md says how many examples a margin needs."
        })
public final class ProbesListCommand implements Callable<Integer>, BrokerCommand {

    @Mixin
    private ConfiguredBroker broker;

    @Mixin
    private final JsonOption json = JsonOption.one(ProbeListing.class);

    @Option(names = "--task", paramLabel = "TASK", description = "Only the probe sets of this task.")
    private @Nullable String task;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        List<EvaluatedTask> tasks = task == null ? broker.tasks() : List.of(broker.task(task));
        ProbeListing listing = ProbeListing.of(broker.reach(), tasks);
        json.print(listing, listing.lines());
        return 0;
    }
}
