package io.millrace.app.encoder.hub;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/**
 * The answers to one request: redirects, and the one that they lead to.
 *
 * @param answers in their order
 */
record Trail(List<Answer> answers) {

    /**
     * Status and headers of an answer; {@code host} gave it.
     *
     * @param host for messages: addresses of redirects hold signatures that are as good as a password
     */
    record Answer(String host, int status, HttpHeaders headers) {}

    Trail {
        answers = List.copyOf(answers);
    }

    Answer last() {
        return answers.get(answers.size() - 1);
    }

    /** A header of the earliest answer that has it: the hub's own words come before those of the host with the bytes. */
    Optional<String> first(String header) {
        return answers.stream()
                .flatMap(answer -> answer.headers().firstValue(header).stream())
                .findFirst();
    }
}
