package io.millrace.app.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.app.page.view.Chart;
import io.millrace.app.page.view.Extract;
import io.millrace.app.page.view.PageView;
import io.millrace.app.page.view.TaskFold;
import io.millrace.app.page.view.Thinned;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers the requests of the page. */
final class PageHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);

    private static final int MAX_BODY_BYTES = 1 << 16;
    private static final int MAX_QUERY_CHARS = 1024;
    private static final long TRIAL_LIMIT_S = 60;
    private static final int MAX_FAULT_CHARS = 300;
    private static final int DEFAULT_WIDTH = 800;

    private final PageView view;
    private final ModelTrial trial;
    private final EventClients clients;
    private final RequestGuard guard;
    private final Assets assets = new Assets();

    PageHandler(PageView view, ModelTrial trial, EventClients clients, RequestGuard guard) {
        this.view = view;
        this.trial = trial;
        this.clients = clients;
        this.guard = guard;
    }

    /** A request that is answered with a status and a sentence. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        boolean takenOver = false;
        try {
            protect(exchange.getResponseHeaders());
            Optional<String> refusal = guard.refuses(exchange.getRequestHeaders());
            if (refusal.isPresent()) {
                throw new Refused(403, refusal.get());
            }
            takenOver = route(exchange, exchange.getRequestURI().getPath());
        } catch (Refused e) {
            String fault = LogSafe.line(String.valueOf(e.getMessage()), MAX_FAULT_CHARS);
            json(exchange, e.status, Map.of("error", fault));
        } catch (RuntimeException e) {
            LOG.warn(
                    "The page could not answer {}",
                    LogSafe.line(exchange.getRequestURI().getPath(), 100),
                    e);
            json(exchange, 500, Map.of("error", "the page has a fault, see the log"));
        } finally {
            if (!takenOver) {
                exchange.close();
            }
        }
    }

    private static void protect(Headers headers) {
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    /** Answers; true if another thread has taken the exchange over. */
    private boolean route(HttpExchange exchange, String path) throws IOException, Refused {
        String method = exchange.getRequestMethod();
        boolean trying = path.equals("/api/try");
        if (!method.equals(trying ? "POST" : "GET")) {
            exchange.getResponseHeaders().set("Allow", trying ? "POST" : "GET");
            throw new Refused(405, "this address takes " + (trying ? "POST" : "GET"));
        }
        switch (path) {
            case "/api/state" -> json(exchange, 200, view.state(task(query(exchange))));
            case "/api/series" -> json(exchange, 200, series(query(exchange)));
            case "/api/try" -> json(exchange, 200, answers(exchange));
            case "/api/events" -> {
                if (!clients.add(exchange)) {
                    exchange.getResponseHeaders().set("Retry-After", "5");
                    throw new Refused(
                            503,
                            EventClients.MAX_CLIENTS + " pages are open, which is the most. Close one; this one asks"
                                    + " every few seconds.");
                }
                return true;
            }
            default -> file(exchange, path);
        }
        return false;
    }

    private void file(HttpExchange exchange, String path) throws IOException, Refused {
        Assets.Asset asset = assets.at(path)
                .orElseThrow(() -> new Refused(404, "there is nothing here. Here are /, /metrics and /health."));
        respond(exchange, 200, asset.type(), asset.bytes());
    }

    private TaskFold task(Map<String, String> query) throws Refused {
        String name = query.getOrDefault("task", "");
        return view.task(name)
                .orElseThrow(() -> new Refused(404, "there is no task " + LogSafe.quoted(name) + " in this process"));
    }

    private Thinned series(Map<String, String> query) throws Refused {
        Chart chart = Chart.of(query.getOrDefault("chart", ""))
                .orElseThrow(() -> new Refused(400, "chart must be one of " + Chart.names()));
        return task(query)
                .extract(new Extract(
                        chart,
                        !"checkpoint".equals(query.get("per")),
                        query.getOrDefault("score", "accuracy"),
                        number(query, "from", 0),
                        number(query, "to", Long.MAX_VALUE),
                        (int) Math.min(Thinned.MAX_WIDTH, Math.max(1, number(query, "width", DEFAULT_WIDTH)))));
    }

    private static long number(Map<String, String> query, String name, long otherwise) throws Refused {
        String value = query.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("-?\\d{1,18}")) {
            throw new Refused(400, name + " must be a whole number, got " + LogSafe.quoted(value));
        }
        return Long.parseLong(value);
    }

    private ModelTrial.Answers answers(HttpExchange exchange) throws IOException, Refused {
        Optional<String> refusal = guard.refusesPost(exchange.getRequestHeaders());
        if (refusal.isPresent()) {
            throw new Refused(403, refusal.get());
        }
        JsonNode body = body(exchange);
        TaskFold task = task(Map.of("task", body.path("task").asText("")));
        CompletableFuture<ModelTrial.Answers> answers = trial.ask(task, input(task, body))
                .orElseThrow(() -> new Refused(
                        429, ModelTrial.MAX_WAITING + " sentences are waiting, which is the most. Try again soon."));
        try {
            return answers.get(TRIAL_LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Refused(
                    503, "the models did not answer within " + TRIAL_LIMIT_S + " s. Training is busy; try again.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the models could not be asked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(503, "the process is ending");
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException, Refused {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw new Refused(413, "a request takes at most " + MAX_BODY_BYTES + " bytes");
        }
        try {
            return Json.mapper().readTree(bytes);
        } catch (IOException e) {
            throw new Refused(400, "the request is not JSON: " + Json.fault(e));
        }
    }

    private static TextInput input(TaskFold task, JsonNode body) throws Refused {
        boolean pairs = task.task().kind().isPair();
        return new TextInput(text(task, body, "text"), pairs ? text(task, body, "textPair") : null);
    }

    private static String text(TaskFold task, JsonNode body, String field) throws Refused {
        String text = body.path(field).asText("").strip();
        int most = task.task().maxTextChars();
        if (!LogSafe.isVisible(text)) {
            throw new Refused(400, field + " is empty. Write a sentence.");
        }
        if (text.length() > most) {
            throw new Refused(
                    400, field + " has " + text.length() + " characters; the task takes at most " + most + ".");
        }
        return text;
    }

    private static Map<String, String> query(HttpExchange exchange) throws Refused {
        String raw = exchange.getRequestURI().getRawQuery();
        Map<String, String> query = new HashMap<>();
        if (raw == null) {
            return query;
        }
        if (raw.length() > MAX_QUERY_CHARS) {
            throw new Refused(414, "the address is too long");
        }
        for (String part : raw.split("&", -1)) {
            String[] pair = part.split("=", 2);
            query.put(decoded(pair[0]), pair.length == 1 ? "" : decoded(pair[1]));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void json(HttpExchange exchange, int status, Object value) throws IOException {
        respond(
                exchange,
                status,
                "application/json; charset=utf-8",
                Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    private static void respond(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
