package io.millrace.app.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on the loopback interface between clients and a broker that advertises its address. It passes bytes on, slowly, not at
 * all, or breaks the connections.
 */
final class Detour implements AutoCloseable {

    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private volatile int exitPort;
    private volatile Duration perChunk = Duration.ZERO;
    private boolean silent;

    private Detour(ServerSocket entrance) {
        this.entrance = entrance;
    }

    /** Opens one on a free port; until {@link #leadTo} it refuses. */
    static Detour open() throws IOException {
        Detour detour = new Detour(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        start("detour", detour::accept);
        return detour;
    }

    /** Where clients connect. */
    int port() {
        return entrance.getLocalPort();
    }

    /** Where connections go from now on: a port of the loopback interface. */
    void leadTo(int port) {
        exitPort = port;
    }

    /** Delays each chunk of at most 16 KiB, in each direction, by so much. */
    void slowDown(Duration delay) {
        perChunk = delay;
    }

    /** Resets every connection; new ones are accepted. */
    void cut() {
        sockets.forEach(Detour::reset);
    }

    /** Holds back all bytes, with the connections open, as a switch does that has lost its way. */
    void fallSilent() {
        synchronized (gate) {
            silent = true;
        }
    }

    /** Ends {@link #fallSilent}. */
    void speak() {
        synchronized (gate) {
            silent = false;
            gate.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        speak();
        cut();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = entrance.accept();
                start("detour of a connection", () -> connect(client));
            } catch (IOException e) {
                // It was closed.
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        try {
            broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), exitPort), CONNECT_TIMEOUT_MS);
            broker.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(client);
            reset(broker);
            return;
        }
        sockets.add(client);
        sockets.add(broker);
        start("detour to the broker", () -> pass(client, broker));
        pass(broker, client);
    }

    private void pass(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                Thread.sleep(perChunk.toMillis());
                awaitSpeech();
                out.write(chunk, 0, read);
            }
        } catch (IOException e) {
            // One side is gone; so the other goes, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reset(from);
        reset(to);
        sockets.remove(from);
        sockets.remove(to);
    }

    private void awaitSpeech() throws InterruptedException {
        synchronized (gate) {
            while (silent) {
                gate.wait();
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
