package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The mock's store, which gives out lists in pages where it is asked to, as API servers do: in the order of names. */
final class PagingDispatcher extends KubernetesCrudDispatcher {
    private static final Pattern LIMIT = Pattern.compile("[?&]limit=([0-9]+)");
    private static final Pattern CONTINUE = Pattern.compile("[?&]continue=([0-9]+)");

    private final KubernetesSerialization json = new KubernetesSerialization();

    @Override
    public MockResponse handleGet(String path) {
        MockResponse whole = super.handleGet(path);
        int limit = number(LIMIT, path);
        if (limit == 0 || whole.code() != 200 || whole.getBody() == null) {
            return whole;
        }
        GenericKubernetesResourceList list =
                json.unmarshal(whole.getBody().readUtf8(), GenericKubernetesResourceList.class);
        List<GenericKubernetesResource> all = list.getItems().stream()
                .sorted(Comparator.comparing(each -> each.getMetadata().getName()))
                .toList();
        int begin = Math.min(number(CONTINUE, path), all.size());
        int end = Math.min(begin + limit, all.size());
        list.setItems(all.subList(begin, end));
        Objects.requireNonNull(list.getMetadata()).setContinue(end < all.size() ? Integer.toString(end) : "");
        return new MockResponse().setResponseCode(200).setBody(json.asJson(list));
    }

    private static int number(Pattern parameter, String path) {
        Matcher found = parameter.matcher(path);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
