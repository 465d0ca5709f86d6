package io.millrace.app.cli;

import io.millrace.app.service.ShutdownHook;
import io.millrace.app.tail.TailedRecord;
import io.millrace.app.tail.TopicTail;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code millrace tail}. */
@Command(
        name = "tail",
        description = {
            "Print the newest records of a topic, one line each, and then every record as it comes, until Ctrl-C.",
            "A line has the record's time, partition@offset and key, and the fields of its value that tell most."
        })
public final class TailCommand implements Callable<Integer>, BrokerCommand {

    private static final int MAX_LINES = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.lines(TailedRecord.class);

    @Parameters(
            paramLabel = "TOPIC",
            completionCandidates = TopicNames.class,
            description = "One of Millrace's topics, without a prefix: ${COMPLETION-CANDIDATES}.")
    private String name;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "10",
            description = "Begin with the newest N records, from 0 to 10000; default 10.")
    private int lines;

    @Option(names = "--from-beginning", description = "Begin with the oldest record that the topic holds.")
    private boolean fromBeginning;

    @Option(names = "--task", paramLabel = "TASK", description = "Only the records of this task.")
    private @Nullable String task;

    @Option(names = "--no-follow", description = "End after what the topic holds now.")
    private boolean noFollow;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        if (lines < 0 || lines > MAX_LINES) {
            throw new ParameterException(spec.commandLine(), "--lines must be in [0, " + MAX_LINES + "], got " + lines);
        }
        Topic<?> topic = topic();
        try (ShutdownHook stop = new ShutdownHook();
                TopicTail tail = TopicTail.open(broker.reach(), topic, this::isWanted)) {
            if (fromBeginning) {
                tail.fromBeginning(this::print);
            } else {
                tail.newest(lines, this::print);
            }
            if (!noFollow) {
                // A reader such as head may have gone.
                tail.follow(
                        () -> stop.requested() || spec.commandLine().getOut().checkError(), this::print);
            }
        }
        return 0;
    }

    private Topic<?> topic() {
        return Topics.ALL.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "TOPIC must be one of "
                                + Topics.ALL.stream().map(Topic::name).collect(Collectors.joining(", ")) + ", got \""
                                + name + "\""));
    }

    /** The key is the task, or begins with it. */
    private boolean isWanted(ConsumerRecord<String, byte[]> record) {
        String key = record.key();
        return task == null || (key != null && (key.equals(task) || key.startsWith(task + "/")));
    }

    private void print(TopicTail.Shown record) {
        json.print(record.json(), List.of(record.line()));
    }

    /** The names without a prefix. */
    static final class TopicNames extends ArrayList<String> {

        private static final long serialVersionUID = 1;

        TopicNames() {
            super(Topics.ALL.stream().map(Topic::name).toList());
        }
    }
}
