package io.millrace.app.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A headless Chromium, driven with the WebDriver protocol of W3C through Debian's chromedriver. */
final class Browser implements AutoCloseable {

    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String root;
    private String session = "";

    private Browser(Process driver, int port) {
        this.driver = driver;
        this.root = "http://127.0.0.1:" + port;
    }

    /** Whether both programs are on this machine. */
    static boolean isInstalled() {
        return Files.isExecutable(DRIVER) && Files.isExecutable(CHROMIUM);
    }

    /** Starts one with an empty profile in {@code folder}. */
    static Browser start(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Process driver = new ProcessBuilder(DRIVER.toString(), "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromedriver.log").toFile())
                .start();
        Browser browser = new Browser(driver, port);
        browser.awaitDriver();
        List<String> arguments = List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"));
        Map<String, Object> options = Map.of("binary", CHROMIUM.toString(), "args", arguments);
        Map<String, Object> capabilities =
                Map.of("goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL"));
        JsonNode made = browser.post("/session", Map.of("capabilities", Map.of("alwaysMatch", capabilities)));
        browser.session = "/session/" + made.path("sessionId").asText();
        return browser;
    }

    /** Shows a page in a window of this size, in pixels. */
    void open(URI address, int width, int height, boolean dark) throws IOException, InterruptedException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        post(session + "/url", Map.of("url", address.toString()));
    }

    /** Runs a script, which returns a value. */
    JsonNode run(String script) throws IOException, InterruptedException {
        return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Drags the pointer over an element, from one share of its width to another. */
    void drag(String selector, double from, double to) throws IOException, InterruptedException {
        JsonNode box = run("const e = document.querySelector('" + selector + "'); e.scrollIntoView();"
                + "const r = e.getBoundingClientRect(); return [r.left, r.top + r.height / 2, r.width]");
        int y = box.get(1).asInt();
        List<Map<String, Object>> moves = List.of(
                move(box.get(0).asDouble() + from * box.get(2).asDouble(), y),
                Map.of("type", "pointerDown", "button", 0),
                move(box.get(0).asDouble() + to * box.get(2).asDouble(), y),
                Map.of("type", "pointerUp", "button", 0));
        post(
                session + "/actions",
                Map.of(
                        "actions",
                        List.of(Map.of(
                                "type",
                                "pointer",
                                "id",
                                "mouse",
                                "parameters",
                                Map.of("pointerType", "mouse"),
                                "actions",
                                moves))));
    }

    /** What the console says, but for remarks. */
    List<String> consoleErrors() throws IOException, InterruptedException {
        List<String> errors = new ArrayList<>();
        post(session + "/se/log", Map.of("type", "browser")).forEach(entry -> {
            if (!entry.path("level").asText().equals("INFO")) {
                errors.add(entry.path("message").asText());
            }
        });
        return errors;
    }

    @Override
    public void close() {
        driver.descendants().forEach(ProcessHandle::destroy);
        driver.destroy();
        try {
            if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> move(double x, int y) {
        return Map.of("type", "pointerMove", "x", (int) x, "y", y, "duration", 50);
    }

    private void devTools(String command, Map<String, Object> parameters) throws IOException, InterruptedException {
        post(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private void awaitDriver() throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                http.send(
                        HttpRequest.newBuilder(URI.create(root + "/status")).build(),
                        HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !driver.isAlive()) {
                    throw new IOException("chromedriver did not start; see its log", e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private JsonNode post(String path, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        JsonNode value = Json.mapper().readTree(response.body()).path("value");
        if (response.statusCode() != 200) {
            throw new IOException(
                    "the browser refused " + path + ": " + value.path("message").asText());
        }
        return value;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
