package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.rejected.RejectedListing;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

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

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task: the key of the records.")
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
            converter = WireNames.class,
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
        listing.lines().forEach(spec.commandLine().getOut()::println);
        return 0;
    }

    /** The reasons as on the wire. */
    static final class WireNames implements ITypeConverter<RejectionReason> {

        @Override
        public RejectionReason convert(String value) {
            return Arrays.stream(RejectionReason.values())
                    .filter(known -> known.wireName().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("must be one of "
                            + Arrays.stream(RejectionReason.values())
                                    .map(RejectionReason::wireName)
                                    .collect(Collectors.joining(", "))
                            + ", got \"" + value + "\""));
        }
    }
}
