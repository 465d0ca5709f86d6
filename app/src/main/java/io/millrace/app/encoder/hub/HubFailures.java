package io.millrace.app.encoder.hub;

import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/**
 * The hub's errors in words. It says in {@code X-Error-Code} what was not found; without a login it answers 401 both for a private
 * repository and for one that does not exist.
 *
 * @param endpoint the hub
 * @param repository the repository that was asked for
 * @param revision the revision as the user gave it
 */
record HubFailures(HubEndpoint endpoint, RepositoryName repository, String revision) {

    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final String GATED = "GatedRepo";
    private static final int MOST_CHARS = 200;

    /** Whether the answer says that this file is not there, but all around it is. */
    static boolean isMissingFile(Trail trail) {
        String code = trail.last().headers().firstValue("X-Error-Code").orElse("");
        // A mirror may leave the code out.
        return trail.last().status() == 404 && (code.equals("EntryNotFound") || code.isEmpty());
    }

    /**
     * Returns if the answer is a success.
     *
     * @param name the file that was asked for
     * @throws BusyHubException if a later request may succeed
     */
    void check(Trail trail, String name) throws IOException {
        Trail.Answer answer = trail.last();
        int status = answer.status();
        if (status == 200
                || status == 206
                || (status < 400 && trail.first(HubRequests.LINKED_HASH).isPresent())) {
            return;
        }
        if (PASSING.contains(status)) {
            throw new BusyHubException(
                    answer.host() + " answers " + status, RetryAfter.of(answer.headers(), Instant.now()));
        }
        throw new DownloadException(
                switch (status) {
                    case 401 -> gated(answer) ? gatedWords() : unauthorized();
                    case 403 -> gated(answer) ? gatedWords() : forbidden(answer);
                    case 404 -> notFound(answer, name);
                    default -> answer.host() + " answers " + status + " for " + name + " of " + repository
                            + said(answer) + ". Is HF_ENDPOINT the address of a hub?";
                });
    }

    private static boolean gated(Trail.Answer answer) {
        return answer.headers().firstValue("X-Error-Code").orElse("").equals(GATED);
    }

    private String gatedWords() {
        return repository + " is gated: its owner wants you to accept terms (status 401 or 403). Do that at "
                + endpoint.page(repository)
                + (endpoint.hasToken()
                        ? " with the account that HF_TOKEN is of, and give that token the right to read gated repositories."
                        : ", then set HF_TOKEN to a token of the same account.");
    }

    private String unauthorized() {
        return endpoint.hasToken()
                ? endpoint + " does not accept HF_TOKEN for " + repository
                        + " (status 401). Is the token valid, and is the name right?"
                : endpoint + " wants a login for " + repository
                        + " (status 401): there is no such repository, or it is private. Check the name; for a private"
                        + " repository set HF_TOKEN.";
    }

    private String forbidden(Trail.Answer answer) {
        return answer.host() + " forbids access to " + repository + " (status 403)" + said(answer)
                + ". Give the token of HF_TOKEN the right to read this repository.";
    }

    private String notFound(Trail.Answer answer, String name) {
        return switch (answer.headers().firstValue("X-Error-Code").orElse("")) {
            case "RepoNotFound" -> "there is no repository " + repository + " on " + endpoint
                    + (endpoint.hasToken()
                            ? " that the owner of HF_TOKEN may see. Check the name."
                            : ". Check the name; for a private repository set HF_TOKEN.");
            case "RevisionNotFound" -> repository + " has no revision " + LogSafe.quoted(revision)
                    + ". Give a branch, a tag or a commit with --revision.";
            default -> repository + " has no " + name + " at revision " + LogSafe.quoted(revision)
                    + ", so it is no encoder in the layout of Hugging Face transformers. Check name and revision.";
        };
    }

    private static String said(Trail.Answer answer) {
        return answer.headers()
                .firstValue("X-Error-Message")
                .map(message -> ": " + LogSafe.line(message, MOST_CHARS).replaceFirst("\\.$", ""))
                .orElse("");
    }
}
