package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.rejected.RejectedListing;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace rejected list}. */
@Command(
        name = "list",
        description = {
            "Count the rejected records of a task by their reason, and list the newest.",
            "topic, partition and offset say where the record was rejected from."
        })
public final class RejectedListCommand implements Callable<Integer>, BrokerCommand {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final JsonOption json = JsonOption.one(RejectedListing.Answer.class);

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task of the records.")
    private String task;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Take the broker and its client properties from this configuration file.")
    private Path config;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            converter = RejectionReasons.class,
            description = "List only records with this reason, such as conflicting-id.")
    private @Nullable RejectionReason reason;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many of the newest to list; default 20.")
    private int rows;

    private @Nullable KafkaConnection kafka;

    @Override
    public Optional<KafkaConnection> kafka() {
        return Optional.ofNullable(kafka);
    }

    @Override
    public Integer call() throws Exception {
        if (rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1, got " + rows);
        }
        KafkaConnection connection = MillraceConfig.read(config).kafka();
        kafka = connection;
        BrokerOptions.requireBroker(connection);
        RejectedListing listing = new RejectedListing(task, Optional.ofNullable(reason), rows);
        TopicReader.readAll(connection, Topics.REJECTED_EXAMPLES, listing::add);
        json.print(listing.answer(), listing.lines());
        return 0;
    }
}
