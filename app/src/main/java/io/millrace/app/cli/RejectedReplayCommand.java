package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.produce.ReplayProducer;
import io.millrace.app.produce.ReplayProducer.Outgoing;
import io.millrace.app.rejected.Replay;
import io.millrace.app.rejected.ReplayFilter;
import io.millrace.app.rejected.ReplayFilter.Offsets;
import io.millrace.app.rejected.ReplayLines;
import io.millrace.app.rejected.ReplayPlan;
import io.millrace.ingest.file.LineCheck;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code millrace rejected replay}. */
@Command(
        name = "replay",
        description = {
            "Send records that ingest has rejected to the topic examples again, as they were, the oldest first.",
            "Run it after the cause is mended, as a label that the configuration lacked. Records that this configuration"
                    + " would reject again are left out; so are those that an earlier replay has sent and, unless --reason names"
                    + " their reason, in-probe-set and conflicting-id. All are sent in one transaction. Ingest drops those whose"
                    + " id it has accepted meanwhile."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done, even if there was nothing to send", "1:failure; nothing was sent", "2:wrong usage"})
public final class RejectedReplayCommand implements Callable<Integer>, BrokerCommand {

    private static final int MAX_RECORDS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final JsonOption json = JsonOption.one(Replay.class);

    @Mixin
    private RejectedOptions rejected;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only records rejected at this time or later, as 2026-01-31T12:00:00Z.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only records rejected before this time.")
    private @Nullable Instant until;

    @Option(
            names = "--offsets",
            paramLabel = "PARTITION:FIRST-LAST",
            converter = Ranges.class,
            description = "Only records that had these offsets on examples, as rejected list shows them.")
    private @Nullable Offsets offsets;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Send no more than N records, from 1 to 10000; default 1000.")
    private int limit;

    @Option(names = "--dry-run", description = "Send nothing: show what would be sent.")
    private boolean dryRun;

    @Option(names = "--unchecked", description = "Send also what this configuration would reject again.")
    private boolean unchecked;

    @Override
    public Optional<KafkaConnection> kafka() {
        return rejected.kafka();
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1 || limit > MAX_RECORDS) {
            throw new ParameterException(
                    spec.commandLine(), "--limit must be in [1, " + MAX_RECORDS + "], got " + limit);
        }
        MillraceConfig configuration = rejected.configuration();
        String task = rejected.task();
        LineCheck check = unchecked ? line -> Optional.empty() : check(configuration);
        KafkaConnection connection = rejected.connect(configuration);
        ReplayFilter filter = new ReplayFilter(
                task,
                rejected.reason(),
                Optional.ofNullable(since),
                Optional.ofNullable(until),
                Optional.ofNullable(offsets));
        if (dryRun) {
            print(ReplayPlan.read(connection, filter, check, limit));
            return 0;
        }
        try (ReplayProducer producer = new ReplayProducer(connection, task)) {
            ReplayPlan plan = ReplayPlan.read(connection, filter, check, limit);
            List<Outgoing> outgoing = plan.chosen().stream()
                    .map(record -> new Outgoing(task, record.value(), ReplayPlan.headers(record)))
                    .toList();
            if (!outgoing.isEmpty()) {
                producer.send(outgoing);
            }
            print(plan);
        }
        return 0;
    }

    private void print(ReplayPlan plan) {
        Replay replay = plan.replay(dryRun);
        json.print(replay, ReplayLines.of(replay));
    }

    private LineCheck check(MillraceConfig configuration) {
        Task known = configuration.ingestedTasks().stream()
                .filter(found -> found.name().equals(rejected.task()))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--task must be one of the configuration, or ingest would reject its records again, got "
                                + rejected.task()
                                + ". It has "
                                + String.join(", ", configuration.tasks().keySet()) + "."));
        return LineCheck.examples(known, configuration.ingest().maxRecordBytes());
    }

    /** {@code 0:120-140}, or {@code 0:120} for one. */
    static final class Ranges implements ITypeConverter<Offsets> {

        private static final Pattern RANGE = Pattern.compile("(\\d{1,9}):(\\d{1,18})(?:-(\\d{1,18}))?");

        @Override
        public Offsets convert(String value) {
            Matcher range = RANGE.matcher(value);
            if (!range.matches()) {
                throw new TypeConversionException("must be PARTITION:FIRST-LAST, as 0:120-140, got \"" + value + "\"");
            }
            long first = Long.parseLong(range.group(2));
            long last = range.group(3) == null ? first : Long.parseLong(range.group(3));
            if (last < first) {
                throw new TypeConversionException("must end where it begins or later, got \"" + value + "\"");
            }
            return new Offsets(Integer.parseInt(range.group(1)), first, last);
        }
    }
}
