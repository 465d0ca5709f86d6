package io.millrace.app.top;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.page.view.PageState;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads the state of a process from its page. */
public final class StateReader {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MAX_SHOWN_CHARS = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final URI page;
    private final String task;

    /**
     * A reader of one page.
     *
     * @param page address of the page
     * @param task name of the task; empty for the first
     */
    public StateReader(URI page, String task) {
        this.page = page;
        this.task = task;
    }

    /**
     * Reads the state.
     *
     * @throws IllegalStateException if nothing answers, or not as a page does; the message says what to do
     */
    public PageState read() throws InterruptedException {
        URI address = page.resolve("/api/state?task=" + URLEncoder.encode(task, StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "the page at " + page + " answered " + response.statusCode() + ": " + fault(response.body()));
            }
            return Json.mapper().readValue(response.body(), PageState.class);
        } catch (ConnectException | HttpTimeoutException e) {
            throw new IllegalStateException(
                    "nothing answers at " + page
                            + ". Start ./millrace demo, local or a service, and give the address that it prints with --url.",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "what answers at " + page + " is no page of Millrace (" + Json.fault(e)
                            + "). Give the address that demo, local or a service prints with --url.",
                    e);
        }
    }

    private static String fault(String body) {
        try {
            JsonNode error = Json.mapper().readTree(body).path("error");
            return LogSafe.line(error.asText("it serves no page"), MAX_SHOWN_CHARS);
        } catch (IOException e) {
            return LogSafe.line(body, MAX_SHOWN_CHARS);
        }
    }
}
