package io.millrace.app.encoder.hub;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Reads nothing of a body, however long it is: of redirects and errors the headers say enough. */
final class BodyDropper implements BodySubscriber<Boolean> {

    @Override
    public CompletionStage<Boolean> getBody() {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        // Nothing was asked for.
    }

    @Override
    public void onError(Throwable failure) {
        // The answer is complete without its body.
    }

    @Override
    public void onComplete() {
        // The answer is complete without its body.
    }
}
