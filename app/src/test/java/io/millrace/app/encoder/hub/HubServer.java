package io.millrace.app.encoder.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub with one repository, org/tiny, as Hugging Face's behaves: JSON files come after a redirect on the hub, large ones from a
 * second server, which refuses the hub's token. The branch main is at {@link #COMMIT}.
 */
final class HubServer implements AutoCloseable {

    static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";
    static final String SECRET = "X-Amz-Signature=as-good-as-a-password";

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Deque<HttpHandler>> scripts = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer hub;
    private final HttpServer cdn;

    HubServer() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cdn = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", exchange -> handle("hub", exchange, this::hub));
        cdn.createContext("/", exchange -> handle("cdn", exchange, this::bytes));
        hub.setExecutor(threads);
        cdn.setExecutor(threads);
        hub.start();
        cdn.start();
    }

    /** Puts a file into the repository. */
    void put(String name, byte[] content) {
        files.put(name, content);
    }

    void put(String name, String content) {
        put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers the next request of this kind otherwise: {@code "hub HEAD config.json"}, say. */
    void next(String request, HttpHandler answer) {
        scripts.computeIfAbsent(request, name -> new ArrayDeque<>()).add(answer);
    }

    /** As {@link #next}, with a status and headers alone. */
    void next(String request, int status, String... headers) {
        next(request, exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        });
    }

    /** All requests: server, method, path, and token or range where they were sent. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    HubEndpoint endpoint(String token) {
        return HubEndpoint.of(Map.of("HF_ENDPOINT", address(hub), "HF_TOKEN", token));
    }

    /** An address on the second server. */
    String elsewhere(String path) {
        return address(cdn) + path;
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(String server, HttpExchange exchange, HttpHandler otherwise) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String kind = server + " " + exchange.getRequestMethod() + " ";
        Headers sent = exchange.getRequestHeaders();
        requests.add(kind
                + path
                + (sent.containsKey("Authorization") ? " " + sent.getFirst("Authorization") : "")
                + (sent.containsKey("Range") ? " " + sent.getFirst("Range") : ""));
        Deque<HttpHandler> script =
                scripts.getOrDefault(kind + path.substring(path.lastIndexOf('/') + 1), new ArrayDeque<>());
        try (exchange) {
            (script.isEmpty() ? otherwise : script.remove()).handle(exchange);
        }
    }

    private void hub(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().split("/", -1);
        if (path[1].equals("api")) {
            bytes(exchange);
        } else if (!(path[1] + "/" + path[2]).equals("org/tiny")) {
            refuse(exchange, exchange.getRequestHeaders().containsKey("Authorization") ? 404 : 401, "RepoNotFound");
        } else if (!List.of("main", COMMIT).contains(path[4])) {
            refuse(exchange, 404, "RevisionNotFound");
        } else if (!files.containsKey(path[5])) {
            refuse(exchange, 404, "EntryNotFound");
        } else {
            redirect(exchange, path[5]);
        }
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().add("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
    }

    private void redirect(HttpExchange exchange, String name) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.add("X-Repo-Commit", COMMIT);
        if (name.endsWith(".safetensors")) {
            headers.add("X-Linked-Size", Integer.toString(files.get(name).length));
            headers.add("X-Linked-ETag", '"' + Sha256.of(files.get(name)) + '"');
            headers.add("Location", address(cdn) + "/blobs/" + name + "?" + SECRET);
            exchange.sendResponseHeaders(302, -1);
        } else {
            headers.add("Location", "/api/resolve-cache/models/org/tiny/" + COMMIT + "/" + name + "?etag=x");
            exchange.sendResponseHeaders(307, -1);
        }
    }

    private void bytes(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        byte[] content = files.get(path.substring(path.lastIndexOf('/') + 1));
        boolean signed = SECRET.equals(exchange.getRequestURI().getRawQuery());
        if (signed && exchange.getRequestHeaders().containsKey("Authorization")) {
            exchange.sendResponseHeaders(400, -1);
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        headers.add("X-Repo-Commit", COMMIT);
        headers.add("ETag", "W/\"" + (signed ? "the-store's-own-28" : gitHash(content)) + '"');
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        int first = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (first > 0) {
            headers.add("Content-Range", "bytes " + first + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(first > 0 ? 206 : 200, content.length - first);
        exchange.getResponseBody().write(content, first, content.length - first);
    }

    /** An answer that breaks off after some bytes. */
    static HttpHandler cutAfter(byte[] content, int bytes) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, bytes);
            exchange.getResponseBody().flush();
        };
    }

    /** An answer that falls silent after some bytes, until this server ends. */
    HttpHandler silentAfter(byte[] content, int bytes) {
        return exchange -> {
            cutAfter(content, bytes).handle(exchange);
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    static String gitHash(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end.countDown();
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
