package io.millrace.app.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.metrics.MetricsEndpoint;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.produce.ExampleProducer;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.app.service.LocalStack;
import io.millrace.app.service.RunningService;
import io.millrace.app.service.ServiceListener;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The three services as in the containers, each with a metrics endpoint of its own, on an embedded broker. */
final class MonitoredStream implements AutoCloseable {

    static final String TASK = "sentiment";
    static final String REGRESSION = "stars";

    /** As a factor of the loss, more than a 32-bit float can hold. */
    private static final double TOO_MUCH = 1e300;

    private static final List<String> WORDS =
            List.of("film", "plot", "food", "service", "scene", "field", "guitar", "delivery", "acting", "sequel");

    private final Path folder;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, ProcessMetrics> metrics = new TreeMap<>();
    private final Map<String, MetricsEndpoint> endpoints = new TreeMap<>();
    private LocalStack stack;
    private RunningService trainer;

    MonitoredStream(Path folder) {
        this.folder = folder;
    }

    void start() throws Exception {
        stack = open(LocalStack.open(config(""), folder.resolve("broker"), 0));
        sendProbes("known", Distribution.IN_DISTRIBUTION);
        sendProbes("typos", Distribution.OUT_OF_DISTRIBUTION);
        start("ingest", RunningService::ingest);
        start("evaluator", RunningService::evaluator);
        trainer = start("trainer", RunningService::trainer);
    }

    private RunningService start(String name, RunningService.Starter starter) {
        ProcessMetrics ofProcess = open(new ProcessMetrics(name));
        metrics.put(name, ofProcess);
        RunningService service = open(starter.start(stack.config(), ofProcess.registry(), ServiceListener.NONE));
        endpoints.put(
                name,
                open(MetricsEndpoint.start(
                        stack.config().metrics(),
                        new MetricsEndpoint.Served(ofProcess.registry(), service::alive, HttpExchange::close))));
        return service;
    }

    /** Where the metrics of each service are. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new TreeMap<>();
        endpoints.forEach((name, endpoint) ->
                addresses.put(name, endpoint.address().replace("http://", "").replace("/metrics", "")));
        return addresses;
    }

    /** Sends short examples of both tasks: numbers from {@code first}, {@code next} not included. */
    void sendExamples(int first, int next) {
        send(Topics.EXAMPLES, TASK, first, next, i -> Json.write(example(i, text(i), label(i))));
        send(
                Topics.EXAMPLES,
                REGRESSION,
                first,
                first + (next - first) / 4,
                i -> Json.write(example(i, text(i), stars(i))));
    }

    /** Causes drift: texts that are much longer than all before. */
    void sendLongExamples(int first, int next) {
        send(
                Topics.EXAMPLES,
                TASK,
                first,
                next,
                i -> Json.write(example(i, text(i) + (" and " + text(i + 1)).repeat(4), label(i))));
    }

    /** Causes rejections. */
    void sendBrokenExamples(int count) {
        send(Topics.EXAMPLES, TASK, 0, count, i -> "{\"id\": ");
    }

    /** Causes a quarantine: ingest would not accept examples of such a weight. */
    void acceptTooMuch(int count) {
        send(
                Topics.ACCEPTED_EXAMPLES,
                TASK,
                0,
                count,
                i -> Json.write(new AcceptedExample(
                        new LabelledExample("heavy" + i, text(i), null, label(i), null, TOO_MUCH, null),
                        new Origin("examples", 0, i, 0))));
    }

    /** Causes foreign records: no trainer has this task. */
    void acceptForNobody() {
        send(Topics.ACCEPTED_EXAMPLES, "nobody", 0, 1, i -> "{}");
    }

    /** Causes a failed task: the trainer gets one more, whose encoder is not there. */
    void restartTrainerWithABrokenTask() throws IOException {
        trainer.close();
        MillraceConfig config = config("  broken: {labels: [a, b], training: {encoder: not-there}}\n")
                .withKafka(stack.config().kafka());
        open(RunningService.trainer(config, metrics.get("trainer").registry()));
    }

    /** Takes a service out of Prometheus's reach. */
    void stopAnswering(String service) {
        endpoints.get(service).close();
    }

    private MillraceConfig config(String furtherTasks) throws IOException {
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
        String training =
                """
                    training:
                      encoder: %s
                      compute: {device: cpu}
                      optimizer: {learningRate: 0.00001}
                      batching: {batchSize: 16, maxTokens: 32, idleAfter: PT1S}
                      checkpoints: {everySteps: 10}
                      drift: {reference: 200, window: 50}
                      policy: {onRejection: lower-learning-rate}
                    evaluation: {compute: {device: cpu}}
                """
                        .formatted(encoder.toAbsolutePath());
        String yaml =
                """
                store: store
                metrics: {port: 0}
                ingest: {stateDir: streams}
                tasks:
                  sentiment:
                    labels: [negative, positive]
                %1$s  stars:
                    kind: regression
                %1$s"""
                        .formatted(training);
        return MillraceConfig.read(Files.writeString(folder.resolve("millrace.yaml"), yaml + furtherTasks));
    }

    private void sendProbes(String set, Distribution distribution) {
        for (String task : List.of(TASK, REGRESSION)) {
            ProbeTopic.replace(
                    stack.config().kafka(),
                    new ProbeFile(task, set, distribution),
                    IntStream.range(0, 8)
                            .mapToObj(i -> new ProbeExample(
                                    task,
                                    set,
                                    distribution,
                                    example(i, "the " + text(i * 37), task.equals(TASK) ? label(i) : stars(i))))
                            .toList());
        }
    }

    private void send(Topic<?> topic, String task, int first, int next, IntFunction<String> value) {
        try (ExampleProducer producer = new ExampleProducer(stack.config().kafka(), topic, task)) {
            IntStream.range(first, next)
                    .forEach(i -> producer.send(value.apply(i).getBytes(UTF_8), List.of(), topic.name()));
            producer.flush();
        }
    }

    /** Four words of the tiny encoder; the first says the label, and no two texts below 2,000 are the same. */
    private static String text(int number) {
        // In no order, so that the mix of words is the same all the time.
        int rest = number / 2 * 37 % 1000;
        return String.join(
                " ",
                number % 2 == 0 ? "good" : "bad",
                WORDS.get(rest % 10),
                WORDS.get(rest / 10 % 10),
                WORDS.get(rest / 100 % 10));
    }

    private static String label(int number) {
        return number % 2 == 0 ? "positive" : "negative";
    }

    private static String stars(int number) {
        return number % 2 == 0 ? "4" : "1";
    }

    private static LabelledExample example(int number, String text, String label) {
        return new LabelledExample(Integer.toString(number), text, null, label, null, null, null);
    }

    private <C extends AutoCloseable> C open(C closeable) {
        opened.push(closeable);
        return closeable;
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
