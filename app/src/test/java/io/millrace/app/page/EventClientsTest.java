package io.millrace.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.page.view.PageEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class EventClientsTest {

    @TempDir
    private Path store;

    private final List<Browser> browsers = new ArrayList<>();
    private ServedPage page;

    @BeforeEach
    void serve() {
        page = new ServedPage(store);
    }

    @AfterEach
    void close() throws IOException {
        for (Browser browser : browsers) {
            browser.socket.close();
        }
        page.close();
    }

    @Test
    void shouldTellEveryBrowserOfAChange() throws Exception {
        // Given
        Browser first = open("");
        Browser second = open("");
        first.next("data: ");
        second.next("data: ");

        // When
        change();

        // Then
        assertThat(first.next("data: ")).isEqualTo(second.next("data: ")).isEqualTo("data: 1");
    }

    @Test
    void shouldTellABrowserThatComesBackOnlyWhatItDoesNotKnow() throws Exception {
        // Given
        change();
        String known = open("").next("id: ").substring("id: ".length());

        // When
        Browser back = open("Last-Event-ID: " + known + "\r\n");
        Browser ofAnotherRun = open("Last-Event-ID: other-1\r\n");
        String afresh = ofAnotherRun.next("data: ");
        change();

        // Then
        assertThat(afresh).isEqualTo("data: 1");
        assertThat(back.next("data: ")).isEqualTo("data: 2");
    }

    @Test
    void shouldRefuseOneTooManyAndForgetThoseThatHaveGone() throws Exception {
        // Given
        for (int i = 0; i < EventClients.MAX_CLIENTS; i++) {
            open("").next("data: ");
        }
        Browser refused = open("");
        String status = refused.status;

        // When
        browsers.get(0).socket.close();

        // Then
        assertThat(status).startsWith("HTTP/1.1 503");
        await().untilAsserted(() -> {
            change();
            assertThat(page.clients().size()).isEqualTo(EventClients.MAX_CLIENTS - 1);
        });
        assertThat(open("").status).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldEndEveryStreamWhenThePageIsClosed() throws Exception {
        // Given
        Browser browser = open("");
        browser.next("data: ");

        // When
        page.clients().close();

        // Then
        await().untilAsserted(() -> assertThat(page.clients().size()).isZero());
        assertThat(browser.next("data: ")).isNull();
    }

    private void change() {
        page.view().step(PageEvents.TASK, 1, Map.of("taskLoss", 1.0));
        page.clients().turn();
    }

    private Browser open(String headers) throws IOException {
        Browser browser = new Browser(page.port(), headers);
        browsers.add(browser);
        return browser;
    }

    /** Reads events as a browser does. */
    private static final class Browser {

        /** The size of the chunk that ends a stream; the server may keep the connection for another request. */
        private static final String LAST_CHUNK = "0";

        private final Socket socket;
        private final BufferedReader lines;
        private final String status;

        Browser(int port, String headers) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /api/events HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            status = lines.readLine();
        }

        /** The next line that begins so; null at the end of the stream: its last chunk, or that of the connection. */
        String next(String beginning) throws IOException {
            try {
                String line = lines.readLine();
                while (line != null && !line.equals(LAST_CHUNK) && !line.startsWith(beginning)) {
                    line = lines.readLine();
                }
                return LAST_CHUNK.equals(line) ? null : line;
            } catch (SocketException e) {
                // The other end has cut the connection.
                return null;
            }
        }
    }
}
