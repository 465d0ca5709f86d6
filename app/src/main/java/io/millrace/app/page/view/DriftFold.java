package io.millrace.app.page.view;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The newest episodes of drift of a task. Not thread-safe. */
final class DriftFold {

    static final int MAX_KEPT = 100;
    private static final int MAX_METRICS = 16;
    private static final int MAX_WORDS = 20;
    private static final int MAX_EXAMPLES = 5;

    private final Map<String, Episode> episodes = new LinkedHashMap<>();

    /** One episode, as its events tell it one after another. */
    private static final class Episode {

        private final String id;
        private final long from;
        private final Instant at;
        private final Map<String, PageState.Metric> metrics = new LinkedHashMap<>();
        private @Nullable String severity;
        private List<String> words = List.of();
        private List<String> examples = List.of();
        private @Nullable Long to;

        Episode(String id, long from, Instant at) {
            this.id = id;
            this.from = from;
            this.at = at;
        }

        void take(DriftEvent event) {
            if (metrics.containsKey(event.metric()) || metrics.size() < MAX_METRICS) {
                metrics.put(
                        event.metric(),
                        new PageState.Metric(
                                event.metric(),
                                event.reading().value(),
                                event.reading().reference(),
                                event.detector(),
                                event.phase() == DriftPhase.RECOVERED));
            }
            boolean over = metrics.values().stream().allMatch(PageState.Metric::over);
            to = over ? Long.valueOf(Math.max(from, event.step())) : null;
            DriftEvent.Episode episode = event.episode();
            if (episode != null) {
                takeEpisode(episode);
            }
        }

        private void takeEpisode(DriftEvent.Episode episode) {
            if (severity == null || episode.severity() == DriftEvent.Severity.MAJOR) {
                severity = episode.severity().name().toLowerCase(Locale.ROOT);
            }
            if (episode.words() != null && words.isEmpty()) {
                words = episode.words().stream().limit(MAX_WORDS).toList();
            }
            if (episode.examples() != null && examples.isEmpty()) {
                examples = episode.examples().stream()
                        .limit(MAX_EXAMPLES)
                        .map(example -> example.text() + " → " + example.label())
                        .toList();
            }
        }

        PageState.Episode shown() {
            return new PageState.Episode(id, List.copyOf(metrics.values()), from, to, at, severity, words, examples);
        }
    }

    void take(DriftEvent event, Instant at) {
        DriftEvent.Episode named = event.episode();
        // Records of old versions name no episode: there each metric is one of its own until it recovers.
        String id = named == null ? event.metric() : named.id();
        Episode known = episodes.get(id);
        if (known == null || (named == null && known.to != null)) {
            episodes.remove(id);
            known = new Episode(id, event.step(), at);
            episodes.put(id, known);
        }
        known.take(event);
        if (episodes.size() > MAX_KEPT) {
            episodes.remove(episodes.keySet().iterator().next());
        }
    }

    /** The newest, newest first. */
    List<PageState.Episode> shown(int most) {
        List<PageState.Episode> shown = new ArrayList<>();
        episodes.values().forEach(episode -> shown.add(0, episode.shown()));
        return shown.subList(0, Math.min(most, shown.size()));
    }
}
