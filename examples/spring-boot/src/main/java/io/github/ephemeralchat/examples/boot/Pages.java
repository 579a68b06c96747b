package io.github.ephemeralchat.examples.boot;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Where each user begins. */
@Controller
class Pages {

    Pages() {}

    @GetMapping("/")
    String start(HttpServletRequest request) {
        return request.isUserInRole("SUPPORT") ? "redirect:/desk.html" : "redirect:/order.html";
    }
}
