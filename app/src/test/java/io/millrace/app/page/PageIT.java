package io.millrace.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.app.page.view.PageEvents;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Looks at the page in a real browser, Debian's Chromium. */
class PageIT {

    /** Whether the plot of a chart has pixels of its own: a chart that was never drawn is transparent. */
    private static final String DRAWN =
            """
            return [...document.querySelectorAll('.plot canvas')].filter((canvas) =>
                canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
                    .some((value, i) => i % 4 === 3 && value > 200)).length
            """;

    @TempDir
    private static Path folder;

    private static ServedPage page;
    private static Browser browser;
    private static long step;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(
                Browser.isInstalled(),
                "The page is not tested in a browser: install chromium and chromedriver (apt-get install chromium"
                        + " chromium-driver).");
        page = new ServedPage(folder);
        trainTo(100);
        page.view().fold(PageEvents.TASK, fold -> {
            fold.checkpoint(PageEvents.announcement(50, null), PageEvents.at(50));
            fold.evaluation(PageEvents.evaluation(50, 0.6, 0.4));
            fold.modelUpdate(
                    PageEvents.update(Verdict.PROMOTED, 50, "<img src=x onerror=alert(1)>"), PageEvents.at(51));
            fold.checkpoint(PageEvents.announcement(100, 50L), PageEvents.at(100));
            fold.evaluation(PageEvents.evaluation(100, 0.8, 0.5));
            fold.drift(
                    PageEvents.drift(DriftPhase.STARTED, "vocabulary", 70, "e", List.of("flight", "hotel")),
                    PageEvents.at(70));
        });
        browser = Browser.start(Files.createDirectories(folder.resolve("browser")));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (page != null) {
            page.close();
        }
    }

    @Test
    void shouldDrawUpdateWithoutReloadingAndKeepWhatTheUserChose() throws Exception {
        // Given
        browser.open(page.at("/"), 1280, 900, false);
        untilScript("return document.querySelectorAll('.plot canvas').length", "4");
        untilScript(DRAWN, "4");
        browser.run("window.notReloaded = true");
        browser.run("document.querySelector('#verdicts details').open = true");
        browser.run("document.querySelector('#chart-loss .legend button').click()");
        browser.drag("#chart-loss .u-over", 0.25, 0.75);
        untilScript("return document.getElementById('reset').disabled", "false");
        untilScript("return document.querySelector('#chart-loss .note').textContent", "5[0-9] points");
        String zoomed = text("#chart-loss .plot", "aria-label");

        // When
        trainTo(140);
        page.view()
                .fold(
                        PageEvents.TASK,
                        fold -> fold.modelUpdate(
                                PageEvents.update(Verdict.REJECTED, 100, "typos got worse"), PageEvents.at(101)));
        page.turn();

        // Then
        untilScript("return document.getElementById('figures').textContent", ".*Steps140.*");
        untilScript("return document.getElementById('verdicts').textContent", ".*typos got worse.*");
        assertThat(browser.run("return window.notReloaded").asBoolean()).isTrue();
        assertThat(text("#chart-loss .plot", "aria-label")).isEqualTo(zoomed);
        assertThat(text("#chart-loss .legend button", "aria-pressed")).isEqualTo("false");
        assertThat(browser.run("return document.querySelectorAll('#verdicts details[open]').length")
                        .asInt())
                .isEqualTo(1);
        assertThat(browser.run("return document.querySelectorAll('#verdicts img').length")
                        .asInt())
                .isZero();
        assertThat(browser.run("return document.getElementById('verdicts').textContent")
                        .asText())
                .contains("<img src=x onerror=alert(1)>");
        assertThat(browser.run("return document.getElementById('drift').textContent")
                        .asText())
                .contains("flight", "hotel");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void shouldServeANarrowDarkScreenAndTheKeyboard() throws Exception {
        // Given
        browser.open(page.at("/"), 360, 740, true);
        untilScript(DRAWN, "4");

        // When
        browser.run(
                """
                const plot = document.querySelector('#chart-accuracy .plot');
                plot.focus();
                plot.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
                document.querySelector('#chart-accuracy details').open = true;
                """);

        // Then
        untilScript("return document.getElementById('reset').disabled", "false");
        untilScript("return document.querySelectorAll('#chart-accuracy tbody tr').length > 10", "true");
        assertThat(browser.run("return document.documentElement.dataset.theme").asText())
                .isEqualTo("dark");
        assertThat(browser.run("return document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(360);
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void shouldSayWhatIsAwaitedAndAnswerATrialWithAReason() throws Exception {
        // Given
        browser.open(page.at("/"), 1280, 900, false);
        untilScript("return document.getElementById('task').options.length", "2");

        // When
        browser.run(
                """
                const task = document.getElementById('task');
                task.value = 'topics';
                task.dispatchEvent(new Event('change'));
                """);
        untilScript("return document.getElementById('service').textContent", ".*topics");
        browser.run(
                """
                document.getElementById('text').value = 'hello';
                document.querySelector('#trial button').click();
                """);

        // Then
        untilScript("return document.getElementById('answers').textContent", ".*No model is promoted yet.*");
        assertThat(browser.run("return document.getElementById('verdicts').textContent")
                        .asText())
                .startsWith("Waits for the first checkpoint.");
        assertThat(browser.run("return document.querySelector('#chart-in .empty').textContent")
                        .asText())
                .startsWith("Waits for the first evaluated checkpoint");
        assertThat(browser.consoleErrors()).isEmpty();
        browser.run("localStorage.clear()");
    }

    private static void trainTo(long last) {
        while (step < last) {
            step++;
            page.view()
                    .step(
                            PageEvents.TASK,
                            step,
                            Map.of(
                                    "taskLoss",
                                    3.0 / step,
                                    "prequentialAccuracy",
                                    0.5,
                                    "miniBatchAccuracy",
                                    step % 3 / 2.0));
        }
    }

    private static String text(String selector, String attribute) throws Exception {
        return browser.run("return document.querySelector('" + selector + "').getAttribute('" + attribute + "')")
                .asText();
    }

    private static void untilScript(String script, String expected) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(browser.run(script).asText()).matches("(?s)" + expected));
    }
}
