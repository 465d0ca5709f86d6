package io.millrace.app.bench.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.bench.ResidentMemory;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestService;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Runs ingest or the pass-through until its standard input ends. For each line of input it prints a line of JSON, {@link Figures}; the first
 * without being asked, before it starts.
 */
public final class StreamsProcess {

    private static final double MEBIBYTE = 1 << 20;

    private StreamsProcess() {}

    /**
     * What the process takes.
     *
     * @param residentMiB memory as the system counts it; absent where it does not say
     * @param heapMiB objects in use, after a collection
     * @param stateMiB files of its state
     * @param cpuSeconds time on processors since it started
     */
    record Figures(@Nullable Long residentMiB, double heapMiB, double stateMiB, double cpuSeconds) {

        static Figures now(Path stateDir) throws IOException {
            var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            double cpuSeconds = process.getProcessCpuTime() / 1e9;
            Long resident = ResidentMemory.nowMiB();
            System.gc();
            return new Figures(
                    resident,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE,
                    bytesIn(stateDir) / MEBIBYTE,
                    cpuSeconds);
        }

        private static long bytesIn(Path directory) throws IOException {
            if (!Files.isDirectory(directory)) {
                return 0;
            }
            try (Stream<Path> files = Files.walk(directory)) {
                // A store deletes files while others look.
                return files.mapToLong(file -> file.toFile().length()).sum();
            }
        }
    }

    /**
     * Runs.
     *
     * @param arguments a {@link StreamsRun} as JSON
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            StreamsRun run = Json.mapper().readValue(arguments[0], StreamsRun.class);
            out.println(Json.write(Figures.now(run.stateDir())));
            try (AutoCloseable running = start(run, err)) {
                while (in.readLine() != null) {
                    out.println(Json.write(Figures.now(run.stateDir())));
                }
            }
        } catch (Exception e) {
            end(err, e);
        }
    }

    private static AutoCloseable start(StreamsRun run, PrintStream err) {
        return switch (run.side()) {
            case INGEST -> {
                IngestConfig config = IngestConfig.defaults().in(run.stateDir());
                IngestService ingest = new IngestService(run.kafka(), config, run.tasks(), new SimpleMeterRegistry());
                var unused = ingest.terminated().whenComplete((done, failure) -> {
                    if (failure != null) {
                        end(err, failure);
                    }
                });
                ingest.start();
                yield ingest;
            }
            case PASS_THROUGH -> {
                KafkaStreams streams = passThrough(run.kafka(), run.stateDir());
                streams.setUncaughtExceptionHandler(failure -> {
                    end(err, failure);
                    throw new IllegalStateException("the process has ended", failure);
                });
                streams.start();
                yield streams;
            }
        };
    }

    /**
     * From {@code examples} to {@code accepted-examples}: exactly once and with the commit interval of ingest, otherwise with the defaults of
     * Kafka Streams.
     */
    private static KafkaStreams passThrough(KafkaConnection kafka, Path stateDir) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        kafka.named(Topics.EXAMPLES.name()),
                        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("examples"))
                .to(
                        kafka.named(Topics.ACCEPTED_EXAMPLES.name()),
                        Produced.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("accepted-examples"));
        Properties settings = new Properties();
        settings.putAll(kafka.clientProperties());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.named("pass-through"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.putIfAbsent(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, IngestService.COMMIT_INTERVAL.toMillis());
        return new KafkaStreams(builder.build(), settings);
    }

    private static void end(PrintStream err, Throwable failure) {
        err.println(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        // Stream threads may be waiting for the one that failed.
        Runtime.getRuntime().halt(1);
    }
}
