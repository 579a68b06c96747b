package io.github.ephemeralchat.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an object each of whose calls goes through a function, which may count, delay, refuse or change it. */
public final class Intercepted {

    private Intercepted() {}

    /** What happens at each call. */
    @FunctionalInterface
    public interface Interceptor {

        /**
         * {@return the call's result, such as that of {@link Call#proceed()}}
         *
         * @param call the call
         * @throws Throwable what the caller gets
         */
        @Nullable
        Object intercept(Call call) throws Throwable;
    }

    /**
     * One call.
     *
     * @param target the object that is intercepted
     * @param method the method that was called
     * @param arguments its arguments, some of which may be null
     */
    public record Call(Object target, Method method, List<Object> arguments) {

        /**
         * {@return whether a method of this name was called}
         *
         * @param name the method's name
         */
        public boolean is(String name) {
            return method.getName().equals(name);
        }

        /**
         * {@return the result of the same call of the target}
         *
         * @throws Throwable what the target throws
         */
        @Nullable
        public Object proceed() throws Throwable {
            try {
                return method.invoke(target, arguments.toArray());
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        }
    }

    /**
     * {@return an object whose calls go through a function}
     *
     * @param <T> the interface
     * @param type the interface
     * @param target what {@link Call#proceed()} calls
     * @param interceptor the function
     */
    public static <T> T of(Class<T> type, T target, Interceptor interceptor) {
        return proxy(type, target, interceptor);
    }

    /**
     * {@return an object that has no target: the function answers each call}
     *
     * @param <T> the interface
     * @param type the interface
     * @param interceptor the function
     */
    public static <T> T of(Class<T> type, Interceptor interceptor) {
        return proxy(type, interceptor, interceptor);
    }

    private static <T> T proxy(Class<T> type, Object target, Interceptor interceptor) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> interceptor.intercept(
                        new Call(target, method, arguments == null ? List.of() : Arrays.asList(arguments)))));
    }
}
