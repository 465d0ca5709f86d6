package io.millrace.app.encoder.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Requests to the hub. Redirects are followed here and not by the client, because each answer counts: the hub's own has the hash of
 * a file, the one that it leads to has the bytes, and only the hub may see the token.
 */
final class HubRequests {

    /** In the hub's answer for a large file: the hash of its content. */
    static final String LINKED_HASH = "X-Linked-ETag";

    private static final int MOST_REDIRECTS = 8;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration TURN = Duration.ofMillis(250);

    private final HubEndpoint endpoint;
    private final HttpClient client;
    private final Duration patience;

    /**
     * Requests to one hub.
     *
     * @param patience how long nothing may arrive before a connection counts as broken
     */
    HubRequests(HubEndpoint endpoint, Duration patience) {
        this.endpoint = endpoint;
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
    }

    /** Asks for the headers of a file. Stops where the hub states the hash, which is before the bytes. */
    Trail head(URI file) throws IOException, InterruptedException {
        return follow("HEAD", file, Map.of(), info -> new BodyDropper(), () -> 0);
    }

    /**
     * Asks for the bytes of a file.
     *
     * @param headers further headers
     * @param body takes the answer at the end of the redirects, and drops the others
     * @param progress how many bytes have arrived; asked several times per second
     */
    Trail get(URI file, Map<String, String> headers, BodyHandler<Boolean> body, LongSupplier progress)
            throws IOException, InterruptedException {
        return follow("GET", file, headers, body, progress);
    }

    private Trail follow(
            String method, URI first, Map<String, String> headers, BodyHandler<Boolean> body, LongSupplier progress)
            throws IOException, InterruptedException {
        List<Trail.Answer> answers = new ArrayList<>();
        URI at = first;
        while (answers.size() <= MOST_REDIRECTS) {
            HttpResponse<Boolean> answer = wait(client.sendAsync(request(method, at, headers), body), progress);
            answers.add(new Trail.Answer(at.getAuthority(), answer.statusCode(), answer.headers()));
            boolean stated = method.equals("HEAD")
                    && answer.headers().firstValue(LINKED_HASH).isPresent();
            if (!REDIRECTS.contains(answer.statusCode()) || stated) {
                return new Trail(answers);
            }
            at = next(at, answer);
        }
        throw new DownloadException(
                endpoint + " redirects more than " + MOST_REDIRECTS + " times. Is HF_ENDPOINT the address of a hub?");
    }

    private HttpRequest request(String method, URI at, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "millrace")
                // A compressed answer would have neither the size nor the ranges of the file.
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        endpoint.tokenFor(at).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request.build();
    }

    private URI next(URI at, HttpResponse<Boolean> answer) {
        String location = answer.headers().firstValue("Location").orElse("");
        URI next;
        try {
            next = at.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DownloadException(at.getAuthority() + " redirects to something that is no address", e);
        }
        boolean safe =
                "https".equals(next.getScheme()) || ("http".equals(next.getScheme()) && "http".equals(at.getScheme()));
        if (location.isEmpty() || next.getHost() == null || !safe) {
            throw new DownloadException(
                    at.getAuthority() + " redirects to an address that is not https. Nothing was fetched from there.");
        }
        return next;
    }

    /** A timeout of the request would not cover the body; here nothing is silent for longer than {@code patience}. */
    private HttpResponse<Boolean> wait(CompletableFuture<HttpResponse<Boolean>> answer, LongSupplier progress)
            throws IOException, InterruptedException {
        long arrived = progress.getAsLong();
        long lastNanos = System.nanoTime();
        try {
            while (true) {
                try {
                    return answer.get(TURN.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long now = progress.getAsLong();
                    if (now != arrived) {
                        arrived = now;
                        lastNanos = System.nanoTime();
                    } else if (System.nanoTime() - lastNanos > patience.toNanos()) {
                        throw new IOException("nothing arrived for " + patience.toSeconds() + " seconds", e);
                    }
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DownloadException failure) {
                throw failure;
            }
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }
}
