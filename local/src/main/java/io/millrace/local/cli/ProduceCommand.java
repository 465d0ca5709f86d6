package io.millrace.local.cli;

import io.millrace.local.produce.ByteLines;
import io.millrace.local.produce.ExampleProducer;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code millrace produce}. */
@Command(
        name = "produce",
        description = {
            "Send JSON lines to the topic examples, each line as it is.",
            "Ingest judges them: what it refuses comes to the topic rejected-examples with the reason.",
            "With --texts, send unlabelled texts to the topic texts, for the trainer."
        })
public final class ProduceCommand implements Callable<Integer> {

    private static final long PROGRESS_EVERY = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Parameters(paramLabel = "FILE", description = "JSON lines, gzipped or not; - reads standard input.")
    private String file;

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task: the key of the records.")
    private String task;

    @Option(names = "--texts", description = "The lines are unlabelled texts, each with id and text.")
    private boolean texts;

    @Option(names = "--limit", paramLabel = "N", description = "Send no more than the first N lines.")
    private Long limit;

    @Option(names = "--rate", paramLabel = "N", description = "Send N lines a second; default as fast as can be.")
    private Double rate;

    @Override
    public Integer call() throws Exception {
        requirePositive("--limit", limit);
        requirePositive("--rate", rate);
        try (ByteLines lines = open()) {
            long startedNanos = System.nanoTime();
            Topic<?> topic = texts ? Topics.TEXTS : Topics.EXAMPLES;
            try (ExampleProducer producer = new ExampleProducer(broker.connect(), topic, task)) {
                send(lines, producer);
                producer.flush();
                spec.commandLine()
                        .getOut()
                        .printf(
                                "sent %,d %s of task %s in %.1f s%n",
                                producer.acknowledged(), topic.name(), task, secondsSince(startedNanos));
            }
        }
        return 0;
    }

    private void send(ByteLines lines, ExampleProducer producer) throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        long sent = 0;
        for (byte[] line = nextLine(lines, sent); line != null; line = nextLine(lines, sent)) {
            if (rate != null) {
                Thread.sleep(Math.max(0, Math.round((sent / rate - secondsSince(startedNanos)) * 1000)));
            }
            producer.send(line, List.of(), lines.position());
            sent++;
            if (sent % PROGRESS_EVERY == 0) {
                spec.commandLine().getErr().printf("%,d lines%n", sent);
            }
        }
    }

    private byte[] nextLine(ByteLines lines, long sent) throws IOException {
        return limit != null && sent >= limit ? null : lines.next();
    }

    private ByteLines open() throws IOException {
        return file.equals("-") ? ByteLines.of("standard input", System.in) : ByteLines.of(Path.of(file));
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
