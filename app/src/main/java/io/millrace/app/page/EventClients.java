package io.millrace.app.page;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Browsers that wait for changes. Each is told the newest version of the view, at most once per second, and fetches what it shows: so a
 * browser that was away needs no history, whatever it missed. Their number is bounded; a further one is refused, and asks now and then.
 */
final class EventClients implements AutoCloseable {

    static final int MAX_CLIENTS = 16;

    private static final long TURN_MS = 1000;
    /** So often something is sent even without a change: only a write shows that a browser has gone. */
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** A browser that takes nothing for so long is cut off. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier version;
    private final String run;
    private final Map<Client, Thread> clients = new ConcurrentHashMap<>();
    private final Object change = new Object();
    private volatile boolean closed;

    /**
     * No browsers yet.
     *
     * @param run names this run of the process: a version of another run means nothing
     */
    EventClients(String run, LongSupplier version) {
        this.run = run;
        this.version = version;
    }

    /** Takes a request over, and returns at once; false if there are too many. */
    boolean add(HttpExchange exchange) throws IOException {
        Client client = new Client(exchange);
        synchronized (change) {
            if (closed || clients.size() >= MAX_CLIENTS) {
                return false;
            }
            Thread thread = new Thread(client::serve, "page-events");
            thread.setDaemon(true);
            clients.put(client, thread);
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
        try {
            exchange.sendResponseHeaders(200, 0);
        } catch (IOException e) {
            clients.remove(client);
            throw e;
        }
        Thread thread = clients.get(client);
        if (thread != null) {
            thread.start();
        }
        return true;
    }

    int size() {
        return clients.size();
    }

    /** Wakes the browsers up if something has changed, and cuts off those that are stuck. Called once per second. */
    void turn() {
        long now = System.nanoTime();
        clients.forEach((client, thread) -> {
            if (client.isStuck(now)) {
                // Closing the exchange would wait for the same write; an interrupt closes the connection under it.
                thread.interrupt();
            }
        });
        synchronized (change) {
            change.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (change) {
            closed = true;
            change.notifyAll();
        }
        clients.values().forEach(Thread::interrupt);
    }

    /** One browser. */
    private final class Client {

        private final HttpExchange exchange;
        private final AtomicLong writingSince = new AtomicLong();

        Client(HttpExchange exchange) {
            this.exchange = exchange;
        }

        void serve() {
            try (OutputStream out = exchange.getResponseBody()) {
                long told = known();
                long toldNanos = System.nanoTime();
                write(out, "retry: 2000\n\n");
                while (!closed) {
                    long now = version.getAsLong();
                    if (now != told) {
                        write(out, "id: " + run + "-" + now + "\nevent: change\ndata: " + now + "\n\n");
                        told = now;
                        toldNanos = System.nanoTime();
                    } else if (System.nanoTime() - toldNanos > HEARTBEAT_NANOS) {
                        write(out, ": still here\n\n");
                        toldNanos = System.nanoTime();
                    }
                    synchronized (change) {
                        if (!closed) {
                            change.wait(TURN_MS);
                        }
                    }
                }
            } catch (IOException e) {
                // The browser has gone; it comes back by itself if it wants to.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                clients.remove(this);
                exchange.close();
            }
        }

        /** The version that the browser has: of this run, and else none. */
        private long known() {
            String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
            String mine = run + "-";
            if (last != null
                    && last.startsWith(mine)
                    && last.substring(mine.length()).matches("\\d{1,18}")) {
                return Long.parseLong(last.substring(mine.length()));
            }
            return -1;
        }

        private void write(OutputStream out, String text) throws IOException {
            writingSince.set(System.nanoTime());
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            writingSince.set(0);
        }

        boolean isStuck(long nowNanos) {
            long since = writingSince.get();
            return since != 0 && nowNanos - since > STUCK_NANOS;
        }
    }
}
