package io.millrace.app.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * A Prometheus with the shipped configuration and rules, except that it scrapes and evaluates every second, and asks other addresses. Beside
 * each rule it has a copy that does not wait for its {@code for}: {@code MillraceX} becomes {@code AtOnceX}.
 */
final class LivePrometheus implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final long startedSeconds = System.currentTimeMillis() / 1000;
    private final Process process;
    private final Path log;
    private final String address;

    private LivePrometheus(Process process, Path log, String address) {
        this.process = process;
        this.log = log;
        this.address = address;
    }

    /**
     * Starts it.
     *
     * @param addresses where the metrics of each job are, as {@code 127.0.0.1:9404}
     */
    static LivePrometheus start(Path folder, Map<String, String> addresses) throws IOException {
        Path config = folder.resolve("prometheus.yml");
        MAPPER.writeValue(config.toFile(), config(folder, addresses));
        String address = "127.0.0.1:" + freePort();
        Path log = folder.resolve("prometheus.log");
        Process process = new ProcessBuilder(InstalledProgram.prometheus()
                        .command(
                                "--config.file=" + config,
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=" + address))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new LivePrometheus(process, log, address);
    }

    private static JsonNode config(Path folder, Map<String, String> addresses) throws IOException {
        ObjectNode config = (ObjectNode) DeployedFile.PROMETHEUS.tree();
        ObjectNode global = (ObjectNode) config.get("global");
        global.put("scrape_interval", "1s");
        global.put("evaluation_interval", "1s");
        Path atOnce = folder.resolve("at-once.yml");
        Files.writeString(
                atOnce,
                AlertRules.FILE
                        .text()
                        .replaceAll("(?m)^ *for: .*\n", "")
                        .replace("alert: Millrace", "alert: AtOnce")
                        .replace("- name: ", "- name: at-once-"));
        config.putArray("rule_files")
                .add(AlertRules.FILE.path().toAbsolutePath().toString())
                .add(atOnce.toString());
        config.get("scrape_configs").forEach(job -> {
            ObjectNode scraped = (ObjectNode) job;
            scraped.remove("dns_sd_configs");
            scraped.putArray("static_configs")
                    .addObject()
                    .putArray("targets")
                    .add(addresses.get(job.get("job_name").asText()));
        });
        return config;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Whether it answers. */
    boolean ready() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Prometheus has ended: " + output());
        }
        try {
            return send("/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether an expression has given at least one finite number since the start. */
    boolean hasGivenData(String expression) throws IOException, InterruptedException {
        JsonNode answer = get("/api/v1/query_range?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)
                + "&start=" + startedSeconds + "&end=" + System.currentTimeMillis() / 1000 + "&step=1");
        return StreamSupport.stream(answer.at("/data/result").spliterator(), false)
                .flatMap(series -> StreamSupport.stream(series.at("/values").spliterator(), false))
                .anyMatch(value -> Double.isFinite(Double.parseDouble(
                        value.get(1).asText().replace("+Inf", "Infinity").replace("-Inf", "-Infinity"))));
    }

    /** Names of the alerts that fire now. */
    Set<String> firing() throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        get("/api/v1/alerts").at("/data/alerts").forEach(alert -> {
            if (alert.at("/state").asText().equals("firing")) {
                names.add(alert.at("/labels/alertname").asText());
            }
        });
        return names;
    }

    /** The rules whose last evaluation was no success, with its error. */
    List<String> unhealthyRules() throws IOException, InterruptedException {
        return get("/api/v1/rules").findValues("rules").stream()
                .flatMap(rules -> StreamSupport.stream(rules.spliterator(), false))
                .filter(rule -> !rule.at("/health").asText().equals("ok"))
                .map(rule -> rule.at("/name").asText() + ": "
                        + rule.at("/health").asText() + " "
                        + rule.at("/lastError").asText())
                .toList();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path);
        JsonNode answer = MAPPER.readTree(response.body());
        if (!answer.at("/status").asText().equals("success")) {
            throw new IllegalStateException("Prometheus refused " + path + ": " + response.body());
        }
        return answer;
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
