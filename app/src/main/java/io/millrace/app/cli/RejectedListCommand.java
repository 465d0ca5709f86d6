package io.millrace.app.cli;

import io.millrace.app.rejected.RejectedListing;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Mixin
    private RejectedOptions rejected;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many of the newest to list; default 20.")
    private int rows;

    @Override
    public Optional<KafkaConnection> kafka() {
        return rejected.kafka();
    }

    @Override
    public Integer call() throws Exception {
        if (rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1, got " + rows);
        }
        KafkaConnection connection = rejected.connect(rejected.configuration());
        RejectedListing listing = new RejectedListing(rejected.task(), rejected.reason(), rows);
        TopicReader.readAll(connection, Topics.REJECTED_EXAMPLES, listing::add);
        json.print(listing.answer(), listing.lines());
        return 0;
    }
}
