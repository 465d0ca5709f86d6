package io.millrace.app.cli;

import io.millrace.app.produce.ExampleProducer;
import io.millrace.app.produce.IngestOutcome;
import io.millrace.ingest.file.BadLines;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineFault;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** {@code millrace produce}. */
@Command(
        name = "produce",
        description = {
            "Send a file of examples to the topic examples, and report what ingest does with them.",
            "FILE holds JSON lines, which are sent unchanged, or is a CSV or TSV table with a header.",
            "Lines that ingest would reject are found before sending: with --config also by the task's kind and labels.",
            "With --texts, send unlabelled texts to the topic texts, for the trainer."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:sent; the last line counts accepted and rejected examples. With --dry-run: nothing would be rejected",
            "1:failure, bad lines, or nothing was accepted",
            "2:wrong usage or configuration"
        })
public final class ProduceCommand implements Callable<Integer>, BrokerCommand {

    private static final long PROGRESS_EVERY = 10_000;

    /** What to do with lines that would be rejected. */
    enum OnBadLine {
        REFUSE,
        SKIP,
        SEND
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private FormatOptions format;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param task the task
     * @param sent how many lines were sent
     * @param leftOut how many were left out, because they would be rejected
     * @param ingest what ingest has done with them; absent if it was not waited for, or this user may not read it
     * @param dryRun what would be rejected; absent without {@code --dry-run}
     */
    record Answer(
            String task,
            long sent,
            long leftOut,
            IngestOutcome.@Nullable IngestCounts ingest,
            DryRun.@Nullable Answer dryRun) {}

    @Parameters(paramLabel = "FILE", description = "JSON lines, CSV or TSV, gzipped or not; - reads standard input.")
    private String file;

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task: the key of the records.")
    private String task;

    @Option(names = "--texts", description = "The lines are unlabelled texts, each with id and text.")
    private boolean texts;

    @Option(
            names = "--bad-lines",
            paramLabel = "refuse|skip|send",
            defaultValue = "refuse",
            description =
                    "What to do with lines that would be rejected: send nothing of a file that has one (from a pipe,"
                            + " nothing after it), leave them out, or send them anyway; default refuse.")
    private OnBadLine onBadLine;

    @Option(
            names = "--dry-run",
            description = "Send nothing: count what the task would reject, by reason. Needs --config, but no broker.")
    private boolean dryRun;

    @Option(names = "--limit", paramLabel = "N", description = "Send no more than the first N lines.")
    private Long limit;

    @Option(names = "--rate", paramLabel = "N", description = "Send N lines per second; default as fast as possible.")
    private Double rate;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait while ingest makes no progress; 0 only sends. Default 10.")
    private int waitSeconds;

    private final BadLines bad = new BadLines();

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        requirePositive("--limit", limit);
        requirePositive("--rate", rate);
        if (waitSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--wait must be at least 0, got " + waitSeconds);
        }
        format.check(List.of(dataFile()), content());
        Optional<Task> known = broker.task(task);
        if (dryRun) {
            return dryRun(known.orElseThrow(() -> new ParameterException(
                    spec.commandLine(), "--dry-run needs --config FILE, which has the labels and sizes of the task")));
        }
        LineCheck check = onBadLine == OnBadLine.SEND ? line -> Optional.empty() : check(known);
        if (onBadLine == OnBadLine.REFUSE && dataFile().canBeReadTwice()) {
            refuseBadLines(check);
        }
        try (LineSource lines = open()) {
            KafkaConnection kafka = broker.connect();
            return texts || waitSeconds == 0 ? send(kafka, lines, check) : sendAndWait(kafka, lines, check);
        }
    }

    private LineCheck check(Optional<Task> known) {
        if (texts) {
            return LineCheck.texts();
        }
        return known.map(found -> LineCheck.examples(
                        found, broker.config().orElseThrow().ingest().maxRecordBytes()))
                .orElseGet(LineCheck::examples);
    }

    private int dryRun(Task known) throws IOException {
        DryRun found = new DryRun();
        try (LineSource lines = open()) {
            found.read(lines, check(Optional.of(known)), limit == null ? Long.MAX_VALUE : limit);
        }
        requireLines(found.read());
        List<String> lines = new ArrayList<>(found.lines());
        lines.add(String.format(
                "task %s would accept %,d of %,d %s and reject %,d; nothing was sent",
                task, found.read() - found.rejected(), found.read(), texts ? "texts" : "examples", found.rejected()));
        json.print(new Answer(task, 0, 0, null, found.answer()), lines);
        return found.rejected() == 0 ? 0 : 1;
    }

    private static Optional<LineFault> fault(byte[] line, LineSource lines, LineCheck check) {
        return lines.fault().or(() -> check.fault(line));
    }

    private void requireLines(long read) {
        if (read == 0) {
            throw new IllegalArgumentException(file + " must hold at least one line, got none");
        }
    }

    private void refuseBadLines(LineCheck check) throws IOException {
        long read = 0;
        try (LineSource lines = open()) {
            for (byte[] line = nextLine(lines, read); line != null; line = nextLine(lines, read)) {
                read++;
                String position = lines.position();
                fault(line, lines, check).ifPresent(fault -> bad.add(position, fault.detail()));
            }
        }
        requireLines(read);
        if (bad.count() > 0) {
            bad.lines().forEach(spec.commandLine().getErr()::println);
            throw new IllegalArgumentException(
                    file + ": " + bad.count() + " of " + read
                            + " lines would be rejected, so nothing was sent. Mend them, or leave them out with --bad-lines skip.");
        }
    }

    private int send(KafkaConnection kafka, LineSource lines, LineCheck check)
            throws IOException, InterruptedException {
        Topic<?> topic = texts ? Topics.TEXTS : Topics.EXAMPLES;
        try (ExampleProducer producer = new ExampleProducer(kafka, topic, task)) {
            send(lines, check, producer);
            if (json.wanted()) {
                json.print(new Answer(task, producer.acknowledged(), bad.count(), null, null));
            }
        }
        return 0;
    }

    private int sendAndWait(KafkaConnection kafka, LineSource lines, LineCheck check)
            throws IOException, InterruptedException, ExecutionException {
        try (IngestOutcome outcome = IngestOutcome.from(kafka, task);
                ExampleProducer producer = new ExampleProducer(kafka, task)) {
            send(lines, check, producer);
            return report(outcome, producer);
        }
    }

    private int report(IngestOutcome outcome, ExampleProducer producer)
            throws InterruptedException, ExecutionException {
        IngestOutcome.IngestCounts counts;
        try {
            counts = outcome.await(producer.offsets(), Duration.ofSeconds(waitSeconds));
        } catch (AuthorizationException e) {
            return reportMissingRight(producer);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return reportMissingRight(producer);
            }
            throw e;
        }
        json.print(new Answer(task, producer.acknowledged(), bad.count(), counts, null), lines(counts));
        boolean nothing = counts.accepted() == 0 && counts.rejected() > 0;
        return nothing && onBadLine != OnBadLine.SEND ? 1 : 0;
    }

    private List<String> lines(IngestOutcome.IngestCounts counts) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "ingest: %,d accepted, %,d rejected%s, %,d duplicates",
                counts.accepted(),
                counts.rejected(),
                counts.rejectedByReason().isEmpty() ? "" : " " + counts.rejectedByReason(),
                counts.duplicates()));
        if (counts.firstRejection() != null) {
            lines.add("the first rejection: " + counts.firstRejection());
        }
        if (counts.unprocessed() > 0) {
            lines.add(String.format(
                    "%,d are not processed yet: ingest did nothing for %d s. They wait for it; does it run?",
                    counts.unprocessed(), waitSeconds));
        }
        return lines;
    }

    private int reportMissingRight(ExampleProducer producer) {
        json.print(
                new Answer(task, producer.acknowledged(), bad.count(), null, null),
                List.of("this user may not read the results of ingest; docs/security.md lists the rights for it"));
        return 0;
    }

    private void send(LineSource lines, LineCheck check, ExampleProducer producer)
            throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        long sent = 0;
        for (byte[] line = nextLine(lines, sent); line != null; line = nextLine(lines, sent)) {
            Optional<LineFault> fault = fault(line, lines, check);
            if (fault.isPresent()) {
                passOver(fault.get().detail(), lines, producer);
                continue;
            }
            if (rate != null) {
                Thread.sleep(Math.max(0, Math.round((sent / rate - secondsSince(startedNanos)) * 1000)));
            }
            producer.send(line, List.of(), lines.position());
            sent++;
            if (sent % PROGRESS_EVERY == 0) {
                spec.commandLine().getErr().printf("%,d lines%n", sent);
            }
        }
        producer.flush();
        if (json.wanted()) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "sent %,d %s of task %s in %.1f s%n",
                producer.acknowledged(), texts ? "texts" : "examples", task, secondsSince(startedNanos));
        if (bad.count() > 0) {
            out.printf("left out %,d lines that would be rejected:%n", bad.count());
            bad.lines().forEach(out::println);
        }
    }

    /** Lines of a pipe are checked while they are sent. */
    private void passOver(String fault, LineSource lines, ExampleProducer producer) {
        if (onBadLine == OnBadLine.REFUSE) {
            producer.flush();
            throw new IllegalArgumentException(lines.position() + ": " + fault + ". The " + producer.acknowledged()
                    + " lines before it were sent. Mend it, or leave out such lines with --bad-lines skip.");
        }
        bad.add(lines.position(), fault);
    }

    private byte @Nullable [] nextLine(LineSource lines, long sent) throws IOException {
        return limit != null && sent >= limit ? null : lines.next();
    }

    private FormatOptions.Content content() {
        return texts ? FormatOptions.Content.TEXTS : FormatOptions.Content.EXAMPLES;
    }

    private DataFile dataFile() {
        return format.file(file, content());
    }

    private LineSource open() throws IOException {
        return dataFile().lines();
    }

    private void requirePositive(String option, Number value) {
        if (value != null && !(value.doubleValue() > 0)) {
            throw new ParameterException(spec.commandLine(), option + " must be above 0, got " + value);
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
