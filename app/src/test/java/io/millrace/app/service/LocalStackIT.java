package io.millrace.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.narration.Narrator;
import io.millrace.app.produce.ExampleProducer;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.TrainerListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Carries a handful of examples all the way, and looks at what the services then measure. */
class LocalStackIT {

    private static final Pattern METER = Pattern.compile("(?m)^\\| `(millrace\\.[a-z.]+)` \\| (\\w+) \\| ([^|]+) \\|");
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);
    private static final String TASK = "sentiment";

    /** The figures of every step of the trainer. */
    private static final Map<Long, Map<String, Double>> STEPS = new ConcurrentHashMap<>();

    @TempDir
    private static Path folder;

    private static ProcessMetrics metrics;
    private static LocalStack stack;
    private static LocalServices services;
    private static Narrator narrator;
    private static final StringWriter told = new StringWriter();

    @BeforeAll
    static void carryExamplesThrough() throws Exception {
        DataDirectory data = new DataDirectory(folder);
        metrics = new ProcessMetrics("local");
        stack = LocalStack.open(config().withDirectories(data), data.broker(), 0);
        KafkaConnection kafka = stack.config().kafka();
        ProbeFile known = new ProbeFile(TASK, "known", Distribution.IN_DISTRIBUTION);
        ProbeTopic.replace(
                kafka, known, List.of(new ProbeExample(TASK, "known", known.distribution(), example("a probe", 0))));
        narrator = new Narrator(
                new Narrator.Manner(false, false, false),
                new ProgressPrinter(new PrintWriter(told), false),
                metrics.registry(),
                folder.resolve("store"));
        services = stack.startServices(metrics.registry(), narrator.andSteps(new TrainerListener() {
            @Override
            public void step(String task, long step, Map<String, Double> figures) {
                STEPS.put(step, figures);
            }
        }));
        try (ExampleProducer producer = new ExampleProducer(kafka, TASK)) {
            for (int i = 0; i < 8; i++) {
                producer.send(Json.mapper().writeValueAsBytes(example("text number " + i, i)), List.of(), "example");
            }
            producer.flush();
        }
        await().atMost(LONG_ENOUGH).until(() -> count("millrace.trainer.accepted") == 8);
        services.drain();
        await().atMost(LONG_ENOUGH)
                .until(() -> metrics.registry().find("millrace.evaluator.score").gauge() != null
                        && metrics.registry()
                                        .find("millrace.trainer.probe.reuse")
                                        .gauge()
                                != null);
    }

    @AfterAll
    static void stop() {
        services.close();
        narrator.close();
        stack.close();
        metrics.close();
    }

    @Test
    void shouldPassOnEveryStepOfTheTrainer() {
        assertThat(STEPS).isNotEmpty();
        assertThat(STEPS.get(1L)).containsKeys("taskLoss", "totalLoss", "prequentialAccuracy", "miniBatchAccuracy");
    }

    @Test
    void shouldPublishAModel() {
        assertThat(services.alive()).isTrue();
        assertThat(folder.resolve("store").resolve(TASK).resolve("models")).isNotEmptyDirectory();
    }

    @Test
    void shouldPublishTheWholeModelOfACheckpointThatHoldsAdapters() {
        Path task = folder.resolve("store").resolve(TASK);
        assertThat(task.resolve("checkpoint-000001"))
                .isDirectoryContaining("glob:**/adapter_model.safetensors")
                .isDirectoryNotContaining("glob:**/model.safetensors");
        assertThat(task.resolve("models/checkpoint-000001"))
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryNotContaining("glob:**/adapter*");
    }

    @Test
    void shouldTellOfCheckpointsAndVerdicts() {
        assertThat(told.toString().lines())
                .anySatisfy(line -> assertThat(line).startsWith("checkpoint  step     1        8 examples   task "))
                .anySatisfy(line -> assertThat(line).startsWith("promoted    step     1  in: known "));
    }

    @Test
    void shouldMeasureWhatTheDocumentSaysAndNothingElse() throws IOException {
        // Given
        Path document = Path.of(System.getProperty("millrace.root"), "docs", "metrics.md");

        // When
        List<String> documented = METER.matcher(Files.readString(document))
                .results()
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                .toList();

        // Then
        assertThat(new TreeSet<>(documented)).containsExactlyElementsOf(measured(metrics.registry()));
    }

    private static Set<String> measured(MeterRegistry registry) {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("millrace."))
                .map(meter -> meter.getId().getName() + " " + type(meter) + " " + tags(meter))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The tags as the document has them: the order in it is that of reading, so both sides are put in one order. */
    private static String type(Meter meter) {
        return meter instanceof Timer timer && timer.takeSnapshot().histogramCounts().length > 0
                ? "histogram"
                : meter.getId().getType().name().toLowerCase(Locale.ROOT);
    }

    private static String tags(Meter meter) {
        List<String> order = List.of(
                "task",
                "example",
                "probe_set",
                "distribution",
                "score",
                "reason",
                "outcome",
                "term",
                "metric",
                "phase",
                "cause",
                "action",
                "verdict",
                "result",
                "directory");
        String tags = meter.getId().getTags().stream()
                .map(Tag::getKey)
                .filter(key -> !key.equals("service"))
                .sorted((left, right) -> Integer.compare(order.indexOf(left), order.indexOf(right)))
                .map(key -> "`" + key + "`")
                .collect(Collectors.joining(", "));
        return tags.isEmpty() ? "none" : tags;
    }

    private static double count(String counter) {
        return metrics.registry().find(counter).counters().stream()
                .mapToDouble(found -> found.count())
                .sum();
    }

    private static MillraceConfig config() throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
        return MillraceConfig.read(Files.writeString(
                folder.resolve("millrace.yaml"),
                "tasks: {sentiment: {labels: [negative, positive], training: {encoder: " + encoder
                        + ", tuning: lora, compute: {device: cpu}, policy: {onRejection: lower-learning-rate}}, evaluation: {compute: {device: cpu}}}}",
                StandardCharsets.UTF_8));
    }

    private static LabelledExample example(String text, int number) {
        return new LabelledExample(
                Integer.toString(number), text, null, number % 2 == 0 ? "negative" : "positive", null, null, null);
    }
}
