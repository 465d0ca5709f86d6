package io.millrace.app.deploy;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.metrics.ProcessMetrics;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names and labels of the time series that Prometheus gets: the meters of docs/metrics.md, which an integration test holds
 * to what the services register, and those of the JVM.
 */
final class RegisteredMetrics {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(millrace\\.[a-z.]+)` \\| (counter|gauge|timer|histogram) \\| ([^|]+) \\|");
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z]\\w*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final List<String> OF_PROMETHEUS = List.of("job", "instance");

    private final Map<String, Set<String>> labelsByName = new HashMap<>();

    static RegisteredMetrics read() throws IOException {
        RegisteredMetrics metrics = new RegisteredMetrics();
        try (ProcessMetrics process = new ProcessMetrics("local")) {
            ROW.matcher(DeployedFile.METRICS_DOCUMENT.text())
                    .results()
                    .forEach(row -> register(process.registry(), row.group(1), row.group(2), row.group(3)));
            metrics.addSeriesOf(process.registry().scrape());
        }
        metrics.add("up", Stream.of());
        return metrics;
    }

    Set<String> names() {
        return labelsByName.keySet();
    }

    Set<String> labelsOf(String name) {
        return labelsByName.getOrDefault(name, Set.of());
    }

    private static void register(PrometheusMeterRegistry registry, String name, String type, String tagColumn) {
        List<Tag> tags = Arrays.stream(tagColumn.split(", "))
                .filter(tag -> tag.startsWith("`"))
                .map(tag -> Tag.of(tag.replace("`", ""), "any"))
                .toList();
        switch (type) {
            case "counter" -> registry.counter(name, tags);
            case "timer" -> registry.timer(name, tags);
            case "histogram" -> Timer.builder(name)
                    .tags(tags)
                    .publishPercentileHistogram()
                    .register(registry);
            default -> registry.gauge(name, tags, new AtomicInteger());
        }
    }

    private void addSeriesOf(String scrape) {
        SERIES.matcher(scrape).results().forEach(series -> {
            String labels = series.group(2) == null ? "" : series.group(2);
            add(series.group(1), LABEL.matcher(labels).results().map(label -> label.group(1)));
        });
    }

    private void add(String name, Stream<String> labels) {
        Set<String> known = labelsByName.computeIfAbsent(name, key -> new HashSet<>(OF_PROMETHEUS));
        labels.forEach(label -> known.add(label.replace('-', '_')));
    }
}
